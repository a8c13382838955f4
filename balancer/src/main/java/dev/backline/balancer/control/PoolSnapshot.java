package dev.backline.balancer.control;

import dev.backline.balancer.balance.Eligibility;
import java.util.List;

/**
 * One pool at one moment. Immutable.
 *
 * @param policy what is configured of it
 * @param backends the listed ones, in the order of their source
 */
public record PoolSnapshot(PoolPolicy policy, List<BackendView> backends) {
  /** Copies the list. */
  public PoolSnapshot {
    backends = List.copyOf(backends);
  }

  /** Returns whether only known bad backends are left to be selected. */
  public boolean isPanic() {
    boolean lastResort = false;
    for (BackendView view : backends) {
      Eligibility eligibility = view.eligibility();
      if (eligibility.compareTo(Eligibility.LAST_RESORT) < 0) {
        return false;
      }
      lastResort |= eligibility == Eligibility.LAST_RESORT;
    }
    return lastResort;
  }
}
