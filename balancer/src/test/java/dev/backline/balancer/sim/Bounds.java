package dev.backline.balancer.sim;

import dev.backline.balancer.control.PoolPolicy;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** How long the design may take, at worst, under the policies of a run. */
final class Bounds {
  private static final long HURRY_NANOS = 100 * Agenda.MILLI;
  private static final long OUT_NANOS = 500 * Agenda.MILLI;
  private static final double LONGEST_JITTER = 1.2;

  /** Ejections last thirty seconds at most. */
  static final long LONGEST_EJECTION_NANOS = 30 * Agenda.SECOND;

  static final long TRIAL_NANOS = Agenda.SECOND;

  private final Options options;

  Bounds(Options options) {
    this.options = options;
  }

  /**
   * Until a backend that can't be connected to is known by all loops as such, without any traffic:
   * one whole interval, and two probes which fail, the second in a hurry.
   */
  long detectGoneNanos() {
    return longest(
        policy ->
            intervalNanos(policy) + 2 * timeoutNanos(policy) + HURRY_NANOS + slackNanos(policy));
  }

  /** The same for one that accepts and never answers: as many probes as it takes to fall. */
  long detectSilentNanos() {
    return longest(
        policy ->
            intervalNanos(policy)
                + policy.health().fall() * (timeoutNanos(policy) + HURRY_NANOS)
                + slackNanos(policy));
  }

  /**
   * Until a backend that is well again is eligible, when it isn't ejected: a connect begun before
   * may still fail, a probe may still hang, the next comes at its leisure, those that follow the
   * first pass in a hurry.
   */
  long recoverNanos() {
    return longest(
        policy ->
            policy.connection().connectTimeout().toNanos()
                + Math.max(intervalNanos(policy), OUT_NANOS)
                + timeoutNanos(policy)
                + policy.health().rise() * (HURRY_NANOS + 40 * Agenda.MILLI)
                + slackNanos(policy));
  }

  /** Until an exchange that began has ended: its head in time, then an answer that stalls. */
  long exchangeNanos() {
    return longest(
        policy ->
            policy.retry().total().toNanos()
                + policy.connection().connectTimeout().toNanos()
                + policy.connection().idleTimeout().toNanos());
  }

  /** What the control loop, the publishing and the loops' seeing of it add to each probe. */
  private long slackNanos(PoolPolicy policy) {
    long lagNanos = options.has(Fault.Kind.CONTROL_LAG) ? World.LONGEST_LAG_NANOS : 0;
    int probes = policy.health().fall() + policy.health().rise() + 2;
    return probes * (lagNanos + 15 * Agenda.MILLI) + standstillNanos();
  }

  /** While it stands still nothing is seen; and little is believed for two seconds in all. */
  private long standstillNanos() {
    long standstillNanos =
        Stream.concat(options.of(Fault.Kind.STANDSTILL), options.of(Fault.Kind.FREEZE))
            .mapToLong(fault -> fault.endNanos() - fault.beginNanos())
            .sum();
    return standstillNanos + (standstillNanos > 0 ? 2 * Agenda.SECOND : 0);
  }

  private static long intervalNanos(PoolPolicy policy) {
    return (long) (policy.health().interval().toNanos() * LONGEST_JITTER);
  }

  private static long timeoutNanos(PoolPolicy policy) {
    return policy.health().timeout().toNanos();
  }

  private long longest(ToLongFunction<PoolPolicy> bound) {
    return options.policies().stream().mapToLong(bound).max().orElseThrow();
  }
}
