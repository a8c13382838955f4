package dev.backline.sample.fault;

import dev.backline.sample.web.Checked;
import dev.backline.sample.web.Outgoing;
import dev.backline.sample.web.PendingAnswer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Answers whose end two readers would see in different places: who passes them on lets one client's
 * answer become another's. What has no body, a very long one, or none of a length that is known,
 * goes as it is.
 *
 * @param kind {@code two-lengths}: two {@code Content-Length} that differ; {@code
 *     length-and-chunked}: both at once; {@code bad-chunk}: a chunk whose size is no number; {@code
 *     surplus}: a second answer behind the first, that nobody asked for
 */
record FramingFault(String kind, Scope scope) implements Fault {
  private static final String TWO_LENGTHS = "two-lengths";
  private static final String LENGTH_AND_CHUNKED = "length-and-chunked";
  private static final String BAD_CHUNK = "bad-chunk";
  private static final String SURPLUS = "surplus";
  private static final List<String> KINDS =
      List.of(TWO_LENGTHS, LENGTH_AND_CHUNKED, BAD_CHUNK, SURPLUS);

  /** A whole answer of its own: it looks well to who takes it for the next one. */
  private static final String UNASKED =
      "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Type: text/plain\r\n\r\nunasked";

  /** In bytes: what is sent past the encoder is held in memory. */
  private static final int LONGEST = 256 * 1024;

  static Checked<Fault> from(JsonObject json) {
    Parameters parameters = new Parameters(json);
    String kind = parameters.oneOf("kind", KINDS);
    Scope scope = Scope.from(parameters);
    return parameters.build(() -> new FramingFault(kind, scope));
  }

  @Override
  public JsonObject parameters() {
    return scope.addTo(JsonObject.of("kind", kind));
  }

  @Override
  public void act(PendingAnswer answer, Runnable next) {
    answer.deliver(this::misframe);
    next.run();
  }

  private Future<Void> misframe(Outgoing outgoing) {
    if (outgoing.length() == 0 || outgoing.length() > LONGEST) {
      return outgoing.whole();
    }
    return switch (kind) {
      case TWO_LENGTHS -> {
        String length = "Content-Length: " + (outgoing.length() + 1);
        yield raw(outgoing, outgoing.headWith(length, true) + outgoing.text());
      }
      case LENGTH_AND_CHUNKED ->
          raw(
              outgoing,
              outgoing.headWith("Transfer-Encoding: chunked", true)
                  + chunk(outgoing)
                  + "0\r\n\r\n");
      case BAD_CHUNK ->
          raw(
              outgoing,
              outgoing.headWith("Transfer-Encoding: chunked", false)
                  + chunk(outgoing)
                  + "zz\r\nnothing\r\n0\r\n\r\n");
      case SURPLUS -> outgoing.whole().compose(written -> outgoing.raw(UNASKED));
      default -> throw new AssertionError(kind);
    };
  }

  /** The connection is of no use afterwards: Vert.x knows nothing of what was sent. */
  private static Future<Void> raw(Outgoing outgoing, String text) {
    return outgoing
        .raw(text)
        .compose(
            written -> {
              outgoing.close();
              return Future.failedFuture("fault: framing");
            });
  }

  private static String chunk(Outgoing outgoing) {
    String text = outgoing.text();
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }
}
