package dev.backline.balancer.control;

import dev.backline.balancer.model.PoolName;
import org.jspecify.annotations.Nullable;

/** What names answered last, for those who show it. Any thread may read. */
@FunctionalInterface
public interface NameNews {

  /**
   * The last answer of a pool's name.
   *
   * @param atNanos when it came, on the member's monotonic clock
   */
  record Last(NameAnswer answer, long atNanos) {}

  /** Returns the last answer of a pool's name; {@code null} before the first one. */
  @Nullable Last of(PoolName pool);
}
