package dev.backline.balancer.admin;

import dev.backline.balancer.control.ClusterView;
import dev.backline.balancer.control.Gauges;
import dev.backline.balancer.control.Leases;
import dev.backline.balancer.control.MemberState;
import dev.backline.balancer.control.NameNews;
import dev.backline.balancer.control.Reload;
import dev.backline.balancer.control.Snapshot;
import dev.backline.balancer.incident.IncidentText;
import dev.backline.balancer.incident.Recording;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The administrative interface, on a port of its own and never reachable through a route.
 *
 * <p>{@code /healthz} and {@code /readyz} are free; all else needs the token. A page in a browser
 * can't use it behind its user's back: {@code Host} must be an address or a local name, and a
 * change needs JSON and no foreign {@code Origin}. Runs on the control loop's Vert.x.
 */
public final class AdminServer {
  private static final Set<String> LOCAL_NAMES = Set.of("localhost", "ip6-localhost");

  /** What the interface shows and does. */
  public record Sources(
      MemberAbout about,
      Supplier<MemberState> state,
      Supplier<List<String>> listeners,
      Supplier<Snapshot> snapshot,
      Gauges gauges,
      NameNews names,
      Leases leases,
      Supplier<@Nullable ClusterView> cluster,
      Function<String, CompletionStage<Recording>> recall,
      LongSupplier clock,
      Reload reload) {}

  private final Vertx vertx;
  private final JsonServer server;
  private final AdminToken token;
  private final Sources sources;

  /** Creates it; nothing listens before {@link #listen}. */
  public AdminServer(
      Vertx vertx,
      String host,
      int port,
      AdminToken token,
      Sources sources,
      RegistrationRoutes registration) {
    this.vertx = vertx;
    this.token = token;
    this.sources = sources;
    Router router = Router.router(vertx);
    // Free, whoever asks by whatever name: they tell nothing that its port doesn't.
    getOrHead(router, "/healthz").handler(context -> context.end("ok\n"));
    getOrHead(router, "/readyz").handler(this::readyz);
    router.route().handler(this::checkHost);
    registration.addTo(router); // Before the token: backends have their own.
    router.route().handler(this::checkToken);
    router.get("/v1/status").handler(this::status);
    router.get("/v1/incident").handler(this::incident);
    router.get("/v1/backends/:backend/timeline").handler(this::timeline);
    router.post("/v1/reload").handler(this::checkChange).handler(this::reload);
    this.server = new JsonServer(vertx, host, port, router);
  }

  /** Starts listening; fails if the address can't be had. */
  public Future<Integer> listen() {
    return server.listen();
  }

  /** Stops. */
  public Future<Void> close() {
    return server.close();
  }

  private static Route getOrHead(Router router, String path) {
    return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
  }

  private void checkHost(RoutingContext context) {
    var authority = context.request().authority();
    String host = authority == null ? "" : authority.host().toLowerCase(Locale.ROOT);
    boolean isAddress = host.matches("[0-9.]+|\\[?[0-9a-f:.]*:[0-9a-f:.]*]?");
    if (isAddress || LOCAL_NAMES.contains(host) || host.endsWith(".localhost")) {
      context.next();
    } else {
      Json.fail(context, 403, "Host: " + host + " (expected: an address or localhost)");
    }
  }

  private void checkToken(RoutingContext context) {
    if (token.matches(Bearer.of(context))) {
      context.next();
    } else {
      Bearer.refuse(context, "no or wrong token (expected: Authorization: Bearer TOKEN)");
    }
  }

  private void checkChange(RoutingContext context) {
    String type = context.request().getHeader("Content-Type");
    String origin = context.request().getHeader("Origin");
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      Json.fail(context, 415, "Content-Type: " + type + " (expected: application/json)");
    } else if (origin != null && !origin.equals("http://" + context.request().getHeader("Host"))) {
      Json.fail(context, 403, "Origin: " + origin + " (expected: this host, or none)");
    } else {
      context.next();
    }
  }

  private void readyz(RoutingContext context) {
    MemberState state = sources.state().get();
    context.response().setStatusCode(state == MemberState.READY ? 200 : 503);
    context.end(state.name().toLowerCase(Locale.ROOT) + "\n");
  }

  private void status(RoutingContext context) {
    JsonObject status =
        StatusView.of(
            sources.about(),
            sources.state().get(),
            sources.listeners().get(),
            sources.snapshot().get(),
            sources.gauges(),
            sources.names(),
            sources.leases(),
            sources.clock().getAsLong());
    ClusterView cluster = sources.cluster().get();
    if (cluster != null) {
      status.put("cluster", StatusView.of(cluster));
    }
    Json.answer(context, 200, status);
  }

  private void incident(RoutingContext context) {
    Future.fromCompletionStage(sources.recall().apply("somebody asked for it"))
        .compose(told -> vertx.executeBlocking(() -> IncidentText.lines(told.incident())))
        .onSuccess(
            lines -> {
              context.response().putHeader("Content-Type", "application/jsonl");
              context.end(String.join("\n", lines) + "\n");
            })
        .onFailure(failure -> Json.fail(context, 500, String.valueOf(failure)));
  }

  private void timeline(RoutingContext context) {
    String backend = context.pathParam("backend");
    Future.fromCompletionStage(sources.recall().apply("its timeline was asked for"))
        // To decide all of it again takes too long for the control loop.
        .compose(told -> vertx.executeBlocking(() -> TimelineView.of(told.incident(), backend)))
        .onSuccess(
            view -> {
              if (view.containsKey("timelines")) {
                Json.answer(context, 200, view);
              } else {
                Json.answer(context, 404, view);
              }
            })
        .onFailure(failure -> Json.fail(context, 500, String.valueOf(failure)));
  }

  private void reload(RoutingContext context) {
    sources
        .reload()
        .reload()
        .whenComplete(
            (result, failure) -> {
              if (result instanceof Reload.Applied applied) {
                Json.answer(
                    context,
                    200,
                    new JsonObject()
                        .put("config", sources.about().configFile())
                        .put("snapshot", applied.version())
                        .put("changes", new JsonArray(applied.changes())));
              } else if (result instanceof Reload.Rejected rejected) {
                Json.answer(
                    context, 422, new JsonObject().put("errors", new JsonArray(rejected.errors())));
              } else {
                Json.fail(context, 500, String.valueOf(failure));
              }
            });
  }
}
