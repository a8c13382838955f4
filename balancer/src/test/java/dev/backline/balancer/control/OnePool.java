package dev.backline.balancer.control;

import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.route.Route;
import dev.backline.balancer.route.Router;
import java.util.ArrayList;
import java.util.List;

/** What tests of one pool have in common: a controller, its clock, and what it wanted done. */
abstract class OnePool {
  static final long SECOND = 1_000_000_000L;
  static final PoolName WEB = new PoolName("web");

  final Controller controller = new Controller(new MemberId("balancer-1"), 1);
  final List<Effect> effects = new ArrayList<>();
  long nowNanos;

  final void configure(PoolPolicy policy) {
    Router router = new Router(List.of(new Route(Route.ANY_HOST, "/", WEB)));
    apply(new Event.ConfigReplaced(List.of(policy), router));
  }

  final void pass(String name) {
    probe(name, new ProbeResult.Passed(200, 1));
  }

  final void fail(String name) {
    probe(name, ProbeResult.failed(Cause.TIMEOUT));
  }

  final void probe(String name, ProbeResult result) {
    apply(new Event.ProbeFinished(WEB, id(name), result, nowNanos));
  }

  final void apply(Event event) {
    nowNanos += 1;
    effects.addAll(controller.apply(event, nowNanos));
  }

  final List<BackendView> views() {
    PoolSnapshot pool = controller.snapshot().pools().get(WEB);
    return pool == null ? List.of() : pool.backends();
  }

  final List<String> names() {
    return views().stream().map(view -> view.backend().name()).toList();
  }

  final BackendView view(String name) {
    return views().stream()
        .filter(view -> view.backend().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not listed: " + names()));
  }

  static Backend backend(String name) {
    return new Backend(id(name), name, 1);
  }

  static BackendId id(String name) {
    return new BackendId(name, 3000);
  }
}
