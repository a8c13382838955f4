package dev.backline.balancer.config;

import dev.backline.balancer.model.AddressRange;
import java.time.Duration;
import java.util.List;

/**
 * How the backends of a pool register themselves.
 *
 * @param tokenFile the file that holds the token that they show; pools with the same file have the
 *     same token
 * @param lease how long a backend is listed after it was heard last
 * @param allow which addresses a backend may register beside the one that it calls from
 */
public record RegistrationConfig(String tokenFile, Duration lease, List<AddressRange> allow) {
  /** Where the configuration says nothing. */
  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(10);

  /**
   * What is left of it after a renewal was missed, two thirds less the renewal's delay, is more
   * than the 3.5 s that it takes to see that another member is silent, which may have taken the
   * renewal.
   */
  public static final Duration MIN_LEASE = Duration.ofSeconds(6);

  /** Copies the list and checks the lease. */
  public RegistrationConfig {
    Checks.present("tokenFile", tokenFile);
    allow = List.copyOf(allow);
    if (lease.compareTo(MIN_LEASE) < 0) {
      throw new IllegalArgumentException("lease: " + lease + " (expected: >= " + MIN_LEASE + ")");
    }
  }
}
