package dev.backline.sample.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the site answers, decided before a byte of it is sent.
 *
 * @param type media type; null where there is no body
 * @param etag entity tag; null for what isn't content (errors, what a POST did)
 */
public record Answer(
    int status, @Nullable String type, Body body, List<Header> headers, @Nullable String etag) {
  private static final String JSON = "application/json";
  private static final Body.Sized NOTHING = Body.of(Buffer.buffer(0));
  private static final Header MOMENTARY = new Header("Cache-Control", "no-store");
  private static final Header IN_PARTS = new Header("Accept-Ranges", "bytes");

  /** A header of an answer. */
  public record Header(String name, String value) {}

  public Answer {
    headers = List.copyOf(headers);
  }

  /** Something to be read again and again: revalidated by its tag each time. */
  public static Answer content(String type, Buffer body) {
    return file(type, body, "no-cache");
  }

  public static Answer content(JsonObject json) {
    return content(JSON, json.toBuffer());
  }

  /** A file that may be kept for a while without asking again. */
  public static Answer file(String type, Buffer body, String cacheControl) {
    Header header = new Header("Cache-Control", cacheControl);
    return new Answer(200, type, Body.of(body), List.of(header), EntityTag.of(body));
  }

  /**
   * Something that may be asked for in parts.
   *
   * @param etag strong: parts that came with the same tag are put together byte by byte
   */
  public static Answer inParts(String type, Body.Sized body, String etag, String cacheControl) {
    Header header = new Header("Cache-Control", cacheControl);
    return new Answer(200, type, body, List.of(header, IN_PARTS), etag);
  }

  /** Something true at this moment only. */
  public static Answer momentary(int status, JsonObject json) {
    return new Answer(status, JSON, Body.of(json.toBuffer()), List.of(MOMENTARY), null);
  }

  /** Something that is written while it is read, and has no end that is known. */
  public static Answer flow(String type, Body.Flow flow) {
    return new Answer(200, type, flow, List.of(MOMENTARY), null);
  }

  /** The connection becomes a WebSocket. */
  public static Answer webSocket(Body.Tunnel tunnel) {
    return new Answer(101, null, tunnel, List.of(), null);
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

  /** Whether a client may ask for a part of it. */
  boolean isInParts() {
    return headers.contains(IN_PARTS);
  }

  /** 304: the client already has it. */
  Answer known() {
    return new Answer(304, null, NOTHING, headers, etag);
  }

  /** 206: a part of it, from one byte to another, both included. */
  Answer part(Body.Sized whole, long first, long last) {
    Body part = Body.part(whole, first, last - first + 1);
    return new Answer(206, type, part, headers, etag)
        .with("Content-Range", "bytes " + first + "-" + last + "/" + whole.length());
  }
}
