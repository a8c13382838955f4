package dev.backline.sample;

import static io.vertx.core.http.HttpMethod.POST;

import dev.backline.sample.audio.AudioFiles;
import dev.backline.sample.fault.Faults;
import dev.backline.sample.ledger.Ledger;
import dev.backline.sample.live.NowPlaying;
import dev.backline.sample.music.Catalogue;
import dev.backline.sample.music.Listeners;
import dev.backline.sample.music.MusicApi;
import dev.backline.sample.page.Assets;
import dev.backline.sample.page.LandingPage;
import dev.backline.sample.web.Answer;
import dev.backline.sample.web.FrontDoor;
import dev.backline.sample.web.Interference;
import dev.backline.sample.web.LedgerStream;
import dev.backline.sample.web.Request;
import dev.backline.sample.web.Resource;
import dev.backline.sample.web.Upload;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What there is at which path. Owned by the event loop. */
final class Site {
  /** Tells a balancer that probes who it is, where addresses are given on. */
  private static final String INSTANCE = "Backline-Instance";

  private static final String UPLOADS = "/api/v1/uploads";

  private final String instance;
  private final FrontDoor door;
  private final NowPlaying nowPlaying;
  private final Router router;

  Site(Vertx vertx, Options options, Ledger ledger) {
    Faults faults = new Faults(new SplittableRandom(), Runtime.getRuntime()::halt);
    Interference interference = options.faults() ? faults : (answer, send) -> send.run();
    instance = options.instance();
    door = new FrontDoor(vertx, instance, ledger, interference);

    Catalogue catalogue = Catalogue.load();
    Listeners listeners = new Listeners();
    List<Resource> resources = new ArrayList<>();
    resources.addAll(new LandingPage(instance, catalogue, listeners).resources());
    resources.addAll(new Assets().resources());
    nowPlaying = new NowPlaying(vertx, instance, listeners, InstantSource.system());
    resources.addAll(new MusicApi(catalogue, listeners, nowPlaying).resources());
    resources.addAll(nowPlaying.resources());
    resources.addAll(new AudioFiles(catalogue).resources());
    resources.add(Resource.at("/whoami").get(this::whoami));
    resources.add(Resource.at("/health").get(request -> health()));
    LedgerStream stream = new LedgerStream(instance, ledger);
    resources.add(Resource.at("/testbed/ledger").get(request -> stream.answer()));
    if (options.faults()) {
      resources.addAll(faults.resources());
    }

    router = Router.router(vertx);
    router.route().handler(door::heard);
    resources.forEach(
        resource -> router.route(resource.path()).handler(at -> door.serve(at, resource::answer)));
    router.post(UPLOADS).handler(at -> door.receive(at, this::received));
    router
        .route(UPLOADS)
        .handler(at -> door.serve(at, request -> Resource.otherThan(List.of(POST), request)));
    router.route().handler(at -> door.serve(at, request -> nothingAt(request.path())));
    router.errorHandler(400, at -> door.refuse(at, Answer.error(400, malformed(at))));
    router.errorHandler(404, at -> door.refuse(at, nothingAt(at.request().path())));
    router.errorHandler(500, at -> door.refuse(at, door.failed(at.request().path(), at.failure())));
  }

  Router router() {
    return router;
  }

  FrontDoor door() {
    return door;
  }

  /** Has those who listen to the feed go elsewhere. */
  void endFeed() {
    nowPlaying.end();
  }

  private Answer health() {
    if (door.isDraining()) {
      JsonObject draining = JsonObject.of("status", "draining", "instance", instance);
      return Answer.momentary(503, draining)
          .with("Backline-State", "draining")
          .with(INSTANCE, instance);
    }
    return Answer.momentary(200, JsonObject.of("status", "up", "instance", instance))
        .with(INSTANCE, instance);
  }

  private Answer whoami(Request request) {
    JsonObject headers = new JsonObject();
    for (String name : request.headers().names()) {
      headers.put(name, String.join(", ", request.headers().getAll(name)));
    }
    return Answer.momentary(
        200,
        JsonObject.of("instance", instance, "address", request.localAddress(), "headers", headers));
  }

  /** Nothing of it is kept: whoever sent it can compare. */
  private Answer received(Upload upload) {
    return Answer.momentary(
        201,
        JsonObject.of("length", upload.length(), "sha256", upload.sha256(), "instance", instance));
  }

  private static Answer nothingAt(String path) {
    String expected =
        path.startsWith("/testbed/faults")
            ? "a backend that was started with --faults"
            : "/, /api/v1/music, /whoami or /health";
    String message = "path: " + path + " is not here (expected: " + expected + ")";
    return Answer.error(404, message);
  }

  private static String malformed(RoutingContext context) {
    Throwable cause = context.failure();
    return "request: " + (cause == null ? "malformed" : cause.getMessage());
  }
}
