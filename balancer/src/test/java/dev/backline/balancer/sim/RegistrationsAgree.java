package dev.backline.balancer.sim;

import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.PoolSnapshot;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * When all faults are over, every member soon lists the backends that renew their leases, and no
 * others: who is gone for good is so when its lease has ended, or was given anew once all members
 * hear each other, and ended then.
 */
final class RegistrationsAgree extends Check {
  private static final long HEARING_NANOS = 5 * Agenda.SECOND;

  private long healedNanos = Long.MAX_VALUE;
  private boolean agreed;

  RegistrationsAgree(World world) {
    super(world);
  }

  @Override
  void onHealed() {
    healedNanos = nowNanos();
  }

  @Override
  void onTick() {
    if (!world.options.registered() || !world.isHealed() || agreed) {
      return;
    }
    agreed = true;
    Set<String> expected = new LinkedHashSet<>();
    world.listed().forEach(backend -> expected.add(backend.name()));
    long boundNanos = 2 * Options.REGISTRATION.lease().toNanos() + HEARING_NANOS;
    for (SimulatedMember member : world.members()) {
      Set<String> listed = new LinkedHashSet<>();
      PoolSnapshot pool = member.pool();
      if (pool != null) {
        pool.backends().stream().map(BackendView::backend).forEach(each -> listed.add(each.name()));
      }
      if (!listed.equals(expected)) {
        agreed = false;
        if (nowNanos() - healedNanos > boundNanos) {
          throw violation(
              "%s lists %s, %d ms after all faults were over (expected: %s, after %d ms)"
                  .formatted(
                      member,
                      listed,
                      millis(nowNanos() - healedNanos),
                      expected,
                      millis(boundNanos)));
        }
      }
    }
  }

  @Override
  boolean isSatisfied() {
    return agreed || !world.options.registered();
  }
}
