package dev.backline.balancer.sim;

import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Registrar;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.Registration;
import dev.backline.balancer.proxy.LiveBackend;
import dev.backline.balancer.retry.Step;
import java.util.List;
import java.util.function.Function;

/**
 * Watches a run for one promise. What it compares with is the truth of the simulated world, or what
 * was published; never the decision's own account of itself.
 */
abstract class Check {
  final World world;

  Check(World world) {
    this.world = world;
  }

  /** An exchange begins. */
  void onBegin(SimulatedExchange exchange) {}

  /** A loop selected a backend; {@code tried} is from before. */
  void onSelected(
      SimulatedExchange exchange, SimulatedLoop loop, LiveBackend to, List<BackendId> tried) {}

  /** From now on the backend may get the request. */
  void onSent(SimulatedExchange exchange, LiveBackend to) {}

  /** A head came. */
  void onHead(SimulatedExchange exchange) {}

  /** A backend begins to execute the request. */
  void onExecuted(SimulatedBackend backend, SimulatedExchange exchange) {}

  /** An attempt came to something, and the core said what next. */
  void onStep(SimulatedExchange exchange, Outcome outcome, Step step) {}

  /** An exchange ended; {@code again}: it had ended before. */
  void onEnd(SimulatedExchange exchange, SimulatedExchange.Fate fate, boolean again) {}

  /** A member's controller took an event in; what follows of it is told next. */
  void onTold(SimulatedMember member, Event event) {}

  /** A member's verdict turned. */
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {}

  /** A member answered a backend's word. */
  void onAnswered(SimulatedMember member, Registration word, Registrar.Answer answer) {}

  /** A member sends a probe. */
  void onProbing(SimulatedMember member, BackendId backend) {}

  /** An ordinary probe came back, and the member has taken it in. */
  void onProbed(SimulatedMember member, BackendId backend, ProbeResult result) {}

  /** A quick probe came back, and the member has taken it in. */
  void onQuickProbed(SimulatedMember member, BackendId backend, ProbeResult result) {}

  /** A member makes something else of itself. */
  void onDoubt(SimulatedMember member) {}

  /** 20 ms went by. */
  void onTick() {}

  /** All faults are over. */
  void onHealed() {}

  /** Returns whether the run may end as far as this check goes; asked only once healed. */
  boolean isSatisfied() {
    return true;
  }

  /** No exchange begins any more, and all that were under way should have ended. */
  void onFinished() {}

  /** Returns what is thrown when the promise is broken. */
  final Violation violation(String text) {
    return new Violation(this, world, text);
  }

  final long nowNanos() {
    return world.agenda.nowNanos();
  }

  /** Returns the name of the checks that are made so. */
  static String nameOf(Function<World, Check> check) {
    World world = new World(Options.of(1), Core.REAL, List.of());
    return check.apply(world).getClass().getSimpleName();
  }

  static long millis(long nanos) {
    return nanos / Agenda.MILLI;
  }
}
