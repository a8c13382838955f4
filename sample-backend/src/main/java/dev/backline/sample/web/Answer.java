package dev.backline.sample.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the site answers, complete, before a byte of it is sent.
 *
 * @param type media type; null where there is no body
 * @param etag weak entity tag; null for what isn't content (errors, what a POST did)
 */
public record Answer(
    int status, @Nullable String type, Buffer body, List<Header> headers, @Nullable String etag) {
  private static final String JSON = "application/json";
  private static final Buffer NOTHING = Buffer.buffer(0);

  /** A header of an answer. */
  public record Header(String name, String value) {}

  public Answer {
    headers = List.copyOf(headers);
  }

  /** Something to be read again and again: revalidated by its tag each time. */
  public static Answer content(String type, Buffer body) {
    return new Answer(
        200, type, body, List.of(new Header("Cache-Control", "no-cache")), EntityTag.of(body));
  }

  public static Answer content(JsonObject json) {
    return content(JSON, json.toBuffer());
  }

  /** A file that may be kept for a while without asking again. */
  public static Answer file(String type, Buffer body, String cacheControl) {
    Header header = new Header("Cache-Control", cacheControl);
    return new Answer(200, type, body, List.of(header), EntityTag.of(body));
  }

  /** Something true at this moment only. */
  public static Answer momentary(int status, JsonObject json) {
    Header header = new Header("Cache-Control", "no-store");
    return new Answer(status, JSON, json.toBuffer(), List.of(header), null);
  }

  public static Answer error(int status, String message) {
    return momentary(status, JsonObject.of("error", message));
  }

  public static Answer empty() {
    return new Answer(204, null, NOTHING, List.of(), null);
  }

  public Answer with(String name, String value) {
    List<Header> more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new Answer(status, type, body, more, etag);
  }

  /** This answer, or 304 if the client already has it. */
  public Answer unlessKnownTo(Request request) {
    if (etag == null || !request.isRead() || status != 200) {
      return this;
    }
    List<String> known = request.headers().getAll("If-None-Match");
    if (!EntityTag.matches(known, etag)) {
      return this;
    }
    return new Answer(304, null, NOTHING, headers, etag);
  }
}
