package dev.backline.sample;

import dev.backline.sample.ledger.Ledger;
import dev.backline.sample.ledger.LedgerFile;
import dev.backline.sample.register.Registrar;
import dev.backline.sample.register.Registration;
import dev.backline.sample.web.FrontDoor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One running instance of the site: starts, serves, drains.
 *
 * <p>Everything that changes is owned by its one event loop.
 */
final class SampleBackend {
  /** How long it serves on after it has said that it is going, so that balancers can hear it. */
  private static final long SERVE_ON_MILLIS = 2_500;

  /**
   * When it ends the feed: balancers that probe every second have heard by then, so that who comes
   * back meets another instance; and what is left of the time is enough to close in order.
   */
  private static final long END_FEED_MILLIS = 2_000;

  /** How long what is in flight may take after that. */
  private static final long FINISH_SECONDS = 20;

  /** How long the ledger may take to learn that the last connections are closed. */
  private static final long LAST_LINES_SECONDS = 2;

  private static final int LONGEST_REQUEST_LINE = 2 * 1024;
  private static final Logger LOG = System.getLogger(SampleBackend.class.getName());

  private final Vertx vertx;
  private final HttpServer server;
  private final Site site;
  private final FrontDoor door;
  private final String address;
  private final @Nullable Registrar registrar;

  private SampleBackend(
      Vertx vertx, HttpServer server, Site site, String address, @Nullable Registrar registrar) {
    this.vertx = vertx;
    this.server = server;
    this.site = site;
    this.door = site.door();
    this.address = address;
    this.registrar = registrar;
    if (registrar != null) {
      registrar.start();
    }
  }

  /**
   * Starts to listen. Fails with {@link CannotListen}, or with {@code IllegalArgumentException} if
   * the ledger cannot be written.
   */
  static Future<SampleBackend> start(Options options) {
    LedgerFile file;
    try {
      file = options.ledger() == null ? null : LedgerFile.open(options.ledger());
    } catch (IOException e) {
      String message = "--ledger: " + e + " (expected: a file that can be written)";
      return Future.failedFuture(new IllegalArgumentException(message, e));
    }
    Vertx vertx = Vertx.vertx(vertxOptions());
    vertx.exceptionHandler(SampleBackend::unexpected);
    Registration registration = options.registration();
    Site site = new Site(vertx, options, new Ledger(Ledger.KEPT, InstantSource.system(), file));
    HttpServer server =
        vertx
            .createHttpServer(serverOptions(options))
            .connectionHandler(site.door()::opened)
            .requestHandler(site.router());
    return server
        .listen()
        .map(
            bound -> {
              int port = bound.actualPort();
              Registrar registrar =
                  registration == null
                      ? null
                      : new Registrar(
                          vertx, registration, options.instance(), options.host(), port);
              return new SampleBackend(vertx, bound, site, options.host() + ":" + port, registrar);
            })
        .recover(cause -> failed(vertx, CannotListen.on(options.host(), options.port(), cause)));
  }

  /** Where it listens, as {@code host:port}. */
  String address() {
    return address;
  }

  int port() {
    return server.actualPort();
  }

  /**
   * Says that it is going and serves on, then takes no more connections, then finishes what is in
   * flight; succeeds when all of that is over.
   */
  Future<Void> drain() {
    Promise<Void> served = Promise.promise();
    if (registrar != null) {
      registrar.withdraw();
    }
    vertx.runOnContext(
        now -> {
          door.drain();
          LOG.log(Level.INFO, "event=draining in_flight=" + door.inFlight());
          vertx.setTimer(END_FEED_MILLIS, heard -> site.endFeed());
          vertx.setTimer(SERVE_ON_MILLIS, passed -> served.complete());
        });
    return served.future().compose(passed -> close());
  }

  /** Takes no more connections and finishes what is in flight. */
  Future<Void> close() {
    LOG.log(Level.INFO, "event=not-accepting in_flight=" + door.inFlight());
    Promise<Void> stopped = Promise.promise();
    vertx.runOnContext(
        now -> {
          site.endFeed();
          server
              .shutdown(FINISH_SECONDS, TimeUnit.SECONDS)
              .onComplete(closed -> vertx.runOnContext(later -> finish(stopped)));
        });
    return stopped.future();
  }

  private void finish(Promise<Void> stopped) {
    door.idle()
        .timeout(LAST_LINES_SECONDS, TimeUnit.SECONDS)
        .onComplete(
            idle -> {
              LOG.log(Level.INFO, "event=stopped in_flight=" + door.inFlight());
              stopped.complete();
              // Last: the event loop ends with it, and what is chained behind is never called.
              vertx.close();
            });
  }

  private static Future<SampleBackend> failed(Vertx vertx, CannotListen cause) {
    vertx.close();
    return Future.failedFuture(cause);
  }

  /** An Error leaves the process in a state that nobody has thought of: stopping is safer. */
  private static void unexpected(Throwable cause) {
    LOG.log(Level.ERROR, "event=unexpected", cause);
    if (cause instanceof Error) {
      Runtime.getRuntime().halt(1);
    }
  }

  /** One loop and no pools to speak of: the site never blocks, and memory is what it saves. */
  private static VertxOptions vertxOptions() {
    return new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(1)
        // A drill that pauses this process is no blocked thread: don't report it as one.
        .setBlockedThreadCheckInterval(1)
        .setBlockedThreadCheckIntervalUnit(TimeUnit.DAYS)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  private static HttpServerOptions serverOptions(Options options) {
    return new HttpServerOptions()
        .setHost(options.host())
        .setPort(options.port())
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(true)
        .setMaxInitialLineLength(LONGEST_REQUEST_LINE);
  }
}
