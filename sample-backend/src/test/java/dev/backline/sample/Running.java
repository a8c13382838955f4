package dev.backline.sample;

import dev.backline.sample.Raw.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** An instance in this JVM, on a free port. */
final class Running implements AutoCloseable {
  private final SampleBackend backend;
  private @Nullable Future<Void> drained;

  private Running(Options options) {
    backend = SampleBackend.start(options).await();
  }

  static Running plain() {
    return new Running(options(false, null));
  }

  static Running withFaults() {
    return new Running(options(true, null));
  }

  static Running withLedger(Path file) {
    return new Running(options(true, file));
  }

  int port() {
    return backend.port();
  }

  Reply get(String path, String... headers) throws IOException {
    return Raw.get(port(), path, headers);
  }

  Reply exchange(String method, String path, String body, String... headers) throws IOException {
    return Raw.exchange(port(), method, path, body, headers);
  }

  JsonObject json(String path) throws IOException {
    return new JsonObject(get(path).body());
  }

  void fault(String name, String parameters) throws IOException {
    Reply reply = exchange("PUT", "/testbed/faults/" + name, parameters);
    if (reply.status() != 200) {
      throw new AssertionError("fault " + name + ": " + reply.statusLine() + " " + reply.body());
    }
  }

  void healAll() throws IOException {
    exchange("DELETE", "/testbed/faults", "");
  }

  /** The ledger's lines for a request, as {@code "begin"}, {@code "end 200"}, {@code "aborted"}. */
  List<String> ledger(String id) throws IOException {
    var entries = json("/testbed/ledger").getJsonArray("entries");
    return IntStream.range(0, entries.size())
        .mapToObj(entries::getJsonObject)
        .filter(entry -> entry.getString("id").equals(id))
        .map(
            entry ->
                entry.getString("event")
                    + (entry.containsKey("status") ? " " + entry.getInteger("status") : ""))
        .toList();
  }

  /** Says that it is going; succeeds when it is gone. */
  Future<Void> drain() {
    drained = backend.drain();
    return drained;
  }

  @Override
  public void close() {
    (drained == null ? backend.close() : drained).await();
  }

  private static Options options(boolean faults, @Nullable Path ledger) {
    return new Options("127.0.0.1", 0, "backend-7", faults, ledger, false, null);
  }
}
