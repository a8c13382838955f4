package dev.backline.balancer.model;

import java.util.random.RandomGenerator;

/**
 * Randomness whose whole state is one number, so that what was decided with it can be decided again
 * from any moment on (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA
 * 2014). Not for secrets. Owned by one thread.
 */
public final class SplitMix64 implements RandomGenerator {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  /** Starts, or goes on, from a state. */
  public SplitMix64(long state) {
    this.state = state;
  }

  /** Returns the state: another one that starts from it goes on as this does. */
  public long state() {
    return state;
  }

  @Override
  public long nextLong() {
    state += GAMMA;
    return Hashing.mix(state);
  }
}
