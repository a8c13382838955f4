package dev.backline.testbed.history;

import java.util.Optional;

/** A balancer's status as it was read at some time; the answer came at {@code atMicros}. */
public record StatusSample(String member, long atMicros, PoolStatus status) {

  /**
   * Since when it says this of the backend; empty if it says something else. Late by the way of the
   * answer.
   */
  public Optional<Long> saysSince(String backend, String health) {
    return status
        .backend(backend)
        .filter(seen -> seen.health().equals(health))
        .map(seen -> atMicros - seen.sinceMillis() * 1000);
  }
}
