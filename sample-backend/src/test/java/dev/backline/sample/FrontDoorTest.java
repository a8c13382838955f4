package dev.backline.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backline.sample.Raw.Reply;
import dev.backline.sample.ledger.Entry;
import dev.backline.sample.ledger.Ledger;
import dev.backline.sample.web.Answer;
import dev.backline.sample.web.Endpoint;
import dev.backline.sample.web.FrontDoor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The door with an endpoint of the test's own behind it. */
class FrontDoorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Vertx vertx = Vertx.vertx();
  private final Ledger ledger = new Ledger(100, InstantSource.system(), null);
  private final FrontDoor door =
      new FrontDoor(vertx, "backend-7", ledger, (answer, send) -> send.run());
  private volatile Endpoint endpoint = request -> Answer.empty();
  private HttpServer server = vertx.createHttpServer();

  @BeforeEach
  void start() {
    Router router = Router.router(vertx);
    router.route().handler(door::heard);
    router.route().handler(at -> door.serve(at, request -> endpoint.answer(request)));
    server =
        vertx
            .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
            .connectionHandler(door::opened)
            .requestHandler(router)
            .listen()
            .await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  /** The client got nothing, and the request was in flight for ever. */
  @Test
  void endpointThatFailsIsAnswered500() throws IOException {
    endpoint =
        request -> {
          throw new IllegalStateException("planted");
        };
    try (Raw raw = new Raw(server.actualPort())) {
      Reply reply = raw.exchange("GET", "/", "", "X-Request-Id: a");
      assertThat(reply.status()).isEqualTo(500);
      assertThat(new JsonObject(reply.body()).getString("error"))
          .isEqualTo("unexpected (the log of this instance has the reason)");
      endpoint = request -> Answer.empty();
      assertThat(raw.exchange("GET", "/", "").status()).isEqualTo(204);
    }
    await().atMost(PATIENCE).until(() -> onLoop(door::inFlight) == 0);
    assertThat(onLoop(ledger::entries))
        .extracting(entry -> entry.toJson().getString("event"))
        .containsExactly("begin", "end");
    assertThat(onLoop(() -> status(ledger.entries()))).isEqualTo(500);
  }

  private static int status(List<Entry> entries) {
    return entries.get(entries.size() - 1).toJson().getInteger("status");
  }

  private <T> T onLoop(Callable<T> look) {
    return Future.<T>future(
            promise ->
                vertx.runOnContext(
                    now -> {
                      try {
                        promise.complete(look.call());
                      } catch (Exception e) {
                        promise.fail(e);
                      }
                    }))
        .await();
  }
}
