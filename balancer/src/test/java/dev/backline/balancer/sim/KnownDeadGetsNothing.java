package dev.backline.balancer.sim;

import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Verdict;
import dev.backline.balancer.proxy.LiveBackend;
import java.util.List;

/** No exchange goes where the loop's own snapshot says that nothing is to be had. */
final class KnownDeadGetsNothing extends Check {
  KnownDeadGetsNothing(World world) {
    super(world);
  }

  @Override
  void onSelected(
      SimulatedExchange exchange, SimulatedLoop loop, LiveBackend to, List<BackendId> tried) {
    Verdict verdict = to.view().verdict();
    boolean never =
        to.view().admin() != AdminState.READY
            || verdict == Verdict.REFUSING
            || verdict == Verdict.UNPROVEN
            || verdict == Verdict.DRAINING;
    boolean known = never || verdict == Verdict.DOWN;
    if (never || (known && Others.isAnotherEligible(loop, to, tried))) {
      throw violation(
          "%s gets exchange #%d though the snapshot says %s %s since %d ms (expected: another)"
              .formatted(
                  to.view().backend().name(),
                  exchange.number,
                  to.view().admin(),
                  verdict,
                  millis(nowNanos() - to.view().sinceNanos())));
    }
  }
}
