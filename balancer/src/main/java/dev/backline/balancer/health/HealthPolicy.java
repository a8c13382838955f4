package dev.backline.balancer.health;

import java.time.Duration;

/**
 * How a pool's backends are probed.
 *
 * @param path the target of the health request, a GET; default {@code /health}
 * @param interval between two probes of a healthy backend, spread by 20 % either way; default 1s
 * @param timeout for one probe, from connect to the whole head; default 500ms
 * @param fall failed probes in a row that make a backend down; default 2
 * @param rise passed probes in a row that bring a backend back which was down; default 2
 */
public record HealthPolicy(String path, Duration interval, Duration timeout, int fall, int rise) {
  /** What holds where the configuration says nothing. */
  public static final HealthPolicy DEFAULT =
      new HealthPolicy("/health", Duration.ofSeconds(1), Duration.ofMillis(500), 2, 2);

  /** Checks the counts. */
  public HealthPolicy {
    if (fall < 1) {
      throw new IllegalArgumentException("fall: " + fall + " (expected: >= 1)");
    }
    if (rise < 1) {
      throw new IllegalArgumentException("rise: " + rise + " (expected: >= 1)");
    }
  }
}
