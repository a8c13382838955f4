package dev.backline.sample;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes registrations and answers as it is told to; remembers what was said. */
final class FakeBalancer implements AutoCloseable {
  /** What came: {@code PUT /v1/...}, its token, and its body. */
  record Word(String request, String authorization, JsonObject body, String caller) {}

  final List<Word> words = new CopyOnWriteArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private volatile int status = 200;
  private volatile JsonObject answer = accepted();

  FakeBalancer() {
    this(0);
  }

  FakeBalancer(int port) {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            bytes -> {
                              words.add(
                                  new Word(
                                      request.method() + " " + request.uri(),
                                      request.getHeader("Authorization"),
                                      bytes.length() == 0
                                          ? new JsonObject()
                                          : new JsonObject(bytes),
                                      request.remoteAddress().hostAddress()));
                              request.response().setStatusCode(status).end(answer.encode());
                            }))
            .listen(port, "127.0.0.1")
            .await();
  }

  static JsonObject accepted() {
    return new JsonObject()
        .put("address", "127.0.0.1:1")
        .put("leaseMillis", 300)
        .put("renewMillis", 100)
        .put("secret", "the-secret");
  }

  /** Answers so from now on. */
  void answers(int newStatus, JsonObject newAnswer) {
    answer = newAnswer;
    status = newStatus;
  }

  String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/v1/pools/dumbsound";
  }

  List<Word> words(String method) {
    return words.stream().filter(word -> word.request().startsWith(method + " ")).toList();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
