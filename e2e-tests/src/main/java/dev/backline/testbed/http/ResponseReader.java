package dev.backline.testbed.http;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads one HTTP/1.1 response from the bytes of a connection, in whatever pieces they come, and
 * believes nothing: the body is whole only if it is as long as it said.
 *
 * <p>Not thread-safe; one reader a response. The body's bytes are counted, not kept.
 */
public final class ResponseReader {
  private static final int MAX_LINE = 16 * 1024;
  private static final int MAX_LINES = 200;
  private static final int MAX_INTERIM = 8;

  private final boolean headRequest;
  private final StringBuilder line = new StringBuilder();
  private final Map<String, String> headers = new TreeMap<>();
  private Stage stage = Stage.STATUS_LINE;
  private String problem = "";
  private int status;
  private boolean http11;
  private int lines;
  private int interim;
  private long remaining;
  private long bodyBytes;
  private boolean anyByte;

  /**
   * @param headRequest whether this answers a HEAD, which has no body whatever its headers say
   */
  public ResponseReader(boolean headRequest) {
    this.headRequest = headRequest;
  }

  /** How far the response has come. */
  public enum Stage {
    STATUS_LINE,
    HEADERS,
    FIXED_BODY,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    TRAILERS,
    BODY_UNTIL_CLOSE,
    COMPLETE,
    MALFORMED
  }

  /** Takes the next bytes. Bytes after the end of the response make it malformed. */
  public void feed(byte[] bytes) {
    anyByte |= bytes.length > 0;
    int at = 0;
    while (at < bytes.length && stage != Stage.MALFORMED) {
      switch (stage) {
        case FIXED_BODY, CHUNK_DATA -> at += body(bytes.length - at);
        case BODY_UNTIL_CLOSE -> {
          bodyBytes += bytes.length - at;
          at = bytes.length;
        }
        case COMPLETE -> malformed((bytes.length - at) + " bytes after the end of the answer");
        case STATUS_LINE, HEADERS, CHUNK_SIZE, CHUNK_END, TRAILERS -> lineByte(bytes[at++]);
        case MALFORMED -> throw new AssertionError("fed after " + problem);
      }
    }
  }

  /** The connection ended: an answer without a length is whole now. */
  public void end() {
    if (stage == Stage.BODY_UNTIL_CLOSE) {
      stage = Stage.COMPLETE;
    }
  }

  public Stage stage() {
    return stage;
  }

  /** Whether any byte of an answer came. */
  public boolean anyByte() {
    return anyByte;
  }

  /** Whether the final head is whole. */
  public boolean headSeen() {
    return switch (stage) {
      case STATUS_LINE, HEADERS, MALFORMED -> false;
      case FIXED_BODY, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILERS, BODY_UNTIL_CLOSE, COMPLETE ->
          true;
    };
  }

  /** The status, 0 before a status line. */
  public int status() {
    return status;
  }

  /** A header of the final head by its name in lower case, empty if absent. */
  public String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "");
  }

  public long bodyBytes() {
    return bodyBytes;
  }

  /** What is wrong with it, empty if nothing is. */
  public String problem() {
    return problem;
  }

  /** Whether the connection may carry another request after this response (RFC 9112, 9.3). */
  public boolean keepAlive() {
    return stage == Stage.COMPLETE && http11 && !announcedClose() && framed();
  }

  /** Whether the answer said that its connection will be closed. */
  public boolean announcedClose() {
    for (String token : header("connection").split(",", -1)) {
      if (token.strip().equalsIgnoreCase("close")) {
        return true;
      }
    }
    return false;
  }

  private boolean framed() {
    return bodiless()
        || headers.containsKey("content-length")
        || headers.containsKey("transfer-encoding");
  }

  private int body(int available) {
    int taken = (int) Math.min(remaining, available);
    remaining -= taken;
    bodyBytes += taken;
    if (remaining == 0) {
      stage = stage == Stage.FIXED_BODY ? Stage.COMPLETE : Stage.CHUNK_END;
    }
    return taken;
  }

  private void lineByte(byte next) {
    if (next != '\n') {
      line.append((char) (next & 0xff));
      if (line.length() > MAX_LINE) {
        malformed("a line longer than " + MAX_LINE + " bytes");
      }
      return;
    }
    if (line.length() == 0 || line.charAt(line.length() - 1) != '\r') {
      malformed("a line that ends without CR");
      return;
    }
    line.setLength(line.length() - 1);
    String text = line.toString();
    line.setLength(0);
    switch (stage) {
      case STATUS_LINE -> statusLine(text);
      case HEADERS -> header(text, headers);
      case CHUNK_SIZE -> chunkSize(text);
      case CHUNK_END -> chunkEnd(text);
      case TRAILERS -> header(text, new TreeMap<>());
      case FIXED_BODY, CHUNK_DATA, BODY_UNTIL_CLOSE, COMPLETE, MALFORMED ->
          throw new AssertionError("a line in " + stage);
    }
  }

  private void statusLine(String text) {
    if (!text.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
      malformed("status line: " + text);
      return;
    }
    http11 = text.startsWith("HTTP/1.1");
    status = Integer.parseInt(text.substring(9, 12));
    headers.clear();
    lines = 0;
    stage = Stage.HEADERS;
  }

  private void header(String text, Map<String, String> into) {
    if (text.isEmpty()) {
      endOfHeaders();
      return;
    }
    int colon = text.indexOf(':');
    if (colon < 1 || ++lines > MAX_LINES) {
      malformed(colon < 1 ? "header: " + text : "more than " + MAX_LINES + " headers");
      return;
    }
    String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
    into.merge(name, text.substring(colon + 1).strip(), (one, other) -> one + ", " + other);
  }

  private void endOfHeaders() {
    if (stage == Stage.TRAILERS) {
      stage = Stage.COMPLETE;
    } else if (status < 200) {
      stage = Stage.STATUS_LINE;
      if (status == 101 || ++interim > MAX_INTERIM) {
        malformed("an interim answer " + status + " too many");
      }
    } else if (bodiless()) {
      stage = Stage.COMPLETE;
    } else if (headers.containsKey("transfer-encoding")) {
      chunkedBody();
    } else if (headers.containsKey("content-length")) {
      fixedBody(header("content-length"));
    } else {
      stage = Stage.BODY_UNTIL_CLOSE;
    }
  }

  private boolean bodiless() {
    return headRequest || status == 204 || status == 304;
  }

  private void chunkedBody() {
    stage = Stage.CHUNK_SIZE;
    if (!header("transfer-encoding").equalsIgnoreCase("chunked")
        || headers.containsKey("content-length")) {
      malformed("framing: transfer-encoding: " + header("transfer-encoding"));
    }
  }

  private void fixedBody(String length) {
    if (!length.matches("[0-9]{1,18}")) {
      malformed("content-length: " + length);
      return;
    }
    remaining = Long.parseLong(length);
    stage = remaining == 0 ? Stage.COMPLETE : Stage.FIXED_BODY;
  }

  private void chunkSize(String text) {
    String digits = text.split(";", 2)[0].strip();
    if (!digits.matches("[0-9a-fA-F]{1,15}")) {
      malformed("chunk size: " + text);
      return;
    }
    remaining = Long.parseLong(digits, 16);
    stage = remaining == 0 ? Stage.TRAILERS : Stage.CHUNK_DATA;
  }

  private void chunkEnd(String text) {
    stage = Stage.CHUNK_SIZE;
    if (!text.isEmpty()) {
      malformed("a chunk longer than it said");
    }
  }

  private void malformed(String what) {
    problem = what;
    stage = Stage.MALFORMED;
  }
}
