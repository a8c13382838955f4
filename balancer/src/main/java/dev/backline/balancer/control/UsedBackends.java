package dev.backline.balancer.control;

import dev.backline.balancer.balance.Eligibility;
import dev.backline.balancer.balance.SelectionPolicy;
import dev.backline.balancer.balance.Subset;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which backends of one pool this member uses; {@link BackendState#used} says so. All of them, but
 * of a large pool its {@link Subset}; a pool that hashes is used whole, because a key belongs to
 * its backend whatever member it comes to.
 *
 * <p>Owned by its {@link PoolController}.
 */
final class UsedBackends {
  private final MemberId own;
  private List<MemberId> others;
  private @Nullable Subset subset; // Null: to be chosen anew.

  UsedBackends(MemberId own, List<MemberId> live) {
    this.own = own;
    this.others = live;
  }

  /** Others are listed now, or how they are selected has changed. */
  void onListed() {
    subset = null;
  }

  /** These other members are live; returns whether that is news. */
  boolean onMembers(List<MemberId> live) {
    if (live.equals(others)) {
      return false;
    }
    others = live;
    subset = null;
    return true;
  }

  /** Brings every state up to date; tells which backends are used no longer. */
  void update(
      Map<BackendId, BackendState> backends,
      SelectionPolicy selection,
      Consumer<BackendId> whenUnused) {
    Subset now = subset;
    if (now == null) {
      now =
          selection instanceof SelectionPolicy.Hash
              ? Subset.whole(backends.keySet())
              : Subset.of(backends.keySet(), own, others);
      subset = now;
    }
    int used = now.used(id -> isWell(backends.get(id)));
    for (int i = 0; i < now.order().size(); i++) {
      BackendId id = now.order().get(i);
      BackendState state = backends.get(id);
      if (state == null) {
        throw new AssertionError(id + " is not listed any more");
      }
      state.inSubset = i < now.size();
      if (state.used && i >= used) {
        whenUnused.accept(id);
      }
      state.used = i < used;
    }
  }

  private static boolean isWell(@Nullable BackendState state) {
    return state != null
        && Eligibility.of(state.admin, state.tracker.verdict()) == Eligibility.PREFERRED;
  }
}
