package dev.backline.balancer.admin;

import dev.backline.balancer.balance.Eligibility;
import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.control.ClusterView;
import dev.backline.balancer.control.Gauges;
import dev.backline.balancer.control.Gauges.BackendGauges;
import dev.backline.balancer.control.Lease;
import dev.backline.balancer.control.Leases;
import dev.backline.balancer.control.MemberState;
import dev.backline.balancer.control.NameNews;
import dev.backline.balancer.control.PoolSnapshot;
import dev.backline.balancer.control.Snapshot;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Verdict;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code GET /v1/status} answers. */
final class StatusView {
  private StatusView() {}

  /**
   * Returns a member as JSON.
   *
   * @param nowNanos on the member's clock, which begins with it
   */
  static JsonObject of(
      MemberAbout about,
      MemberState state,
      List<String> listeners,
      Snapshot snapshot,
      Gauges gauges,
      NameNews names,
      Leases leases,
      long nowNanos) {
    JsonArray pools = new JsonArray();
    int queued = 0;
    for (PoolSnapshot pool : snapshot.pools().values()) {
      queued += gauges.queued(pool.policy().name());
      pools.add(pool(pool, gauges, names, leases, nowNanos));
    }
    return new JsonObject()
        .put(
            "member",
            new JsonObject()
                .put("name", about.name())
                .put("version", about.version())
                .put("state", lower(state))
                .put("uptimeMillis", nowNanos / 1_000_000))
        .put("snapshot", snapshot.version())
        .put("listeners", new JsonArray(listeners))
        .put("exchangesInFlight", gauges.exchangesInFlight())
        .put("queued", queued)
        .put("accessLogDropped", gauges.accessLogDropped())
        .put("localFailures", gauges.localFailures())
        .put("clientsRefused", gauges.clientsRefused())
        .put("pools", pools);
  }

  /** Returns how the member sees its cluster. */
  static JsonObject of(ClusterView cluster) {
    JsonArray live = new JsonArray();
    cluster.live().forEach(member -> live.add(member.value()));
    return new JsonObject()
        .put("joined", cluster.joined())
        .put("members", cluster.members())
        .put("live", live)
        .put("refused", cluster.refused());
  }

  private static JsonObject pool(
      PoolSnapshot pool, Gauges gauges, NameNews names, Leases leases, long nowNanos) {
    PoolName name = pool.policy().name();
    JsonArray backends = new JsonArray();
    long used = pool.backends().stream().filter(BackendView::used).count();
    for (BackendView view : pool.backends()) {
      BackendId id = view.backend().id();
      backends.add(backend(view, gauges.ofBackend(name, id), leases.at(name, id), nowNanos));
    }
    return new JsonObject()
        .put("name", name.value())
        .put("panic", pool.isPanic())
        .put("used", used)
        .put("policy", pool.policy().balance().selection().toString())
        .put("source", SourceView.of(pool.policy(), names.of(name), nowNanos))
        .put("backends", backends);
  }

  private static JsonObject backend(
      BackendView view, BackendGauges gauges, @Nullable Lease lease, long nowNanos) {
    JsonObject backend =
        new JsonObject()
            .put("name", view.backend().name())
            .put("address", view.backend().id().toString())
            .put("weight", view.backend().weight())
            .put("admin", lower(view.admin()))
            .put("health", health(view.verdict()))
            .put("unlisted", view.unlisted())
            .put("used", view.used())
            .put("eligible", view.eligibility().compareTo(Eligibility.LAST_RESORT) < 0)
            .put("reason", view.reason())
            .put("sinceMillis", (nowNanos - view.sinceNanos()) / 1_000_000)
            .put("inFlight", gauges.inFlight())
            .put("attempts", gauges.attempts())
            .put("failures", gauges.failures())
            .put("headMillis", Math.round(gauges.headNanos() / 1e3) / 1e3)
            .put("lastProbe", lastProbe(view.lastProbe()))
            .put("peers", peers(view));
    if (lease != null) {
      backend.put("leaseLeftMillis", Math.max(0, lease.endNanos() - nowNanos) / 1_000_000);
    }
    return backend;
  }

  /** What other members say. */
  private static JsonObject peers(BackendView view) {
    JsonObject peers = new JsonObject();
    view.heard()
        .forEach(
            (member, heard) ->
                peers.put(
                    member.value(),
                    new JsonObject()
                        .put("health", health(heard.verdict()))
                        .put("reason", heard.reason())));
    return peers;
  }

  private static String lastProbe(@Nullable ProbeResult result) {
    if (result == null) {
      return "none yet";
    }
    if (result instanceof ProbeResult.Passed passed) {
      return String.format(Locale.ROOT, "%d in %.1f ms", passed.status(), passed.nanos() / 1e6);
    }
    if (result instanceof ProbeResult.Draining) {
      return "503, draining";
    }
    if (result instanceof ProbeResult.Failed failed) {
      return failed.words();
    }
    throw new AssertionError(result);
  }

  /** Down is down for who looks from outside; the reason says whether it refuses connections. */
  private static String health(Verdict verdict) {
    return lower(verdict == Verdict.REFUSING ? Verdict.DOWN : verdict);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
