package dev.backline.balancer.health;

import dev.backline.balancer.model.Verdict;

/**
 * What one member makes of one backend, as it tells the others.
 *
 * @param reason why, in words that a person can act on
 */
public record Observation(Verdict verdict, Grounds grounds, String reason) {

  /** Returns whether only the words differ. */
  public boolean saysTheSameAs(Observation other) {
    return verdict == other.verdict && grounds == other.grounds;
  }
}
