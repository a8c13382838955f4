package dev.backline.balancer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads HTTP/1.x messages byte by byte, so that tests see exactly what was sent. */
final class Wire {
  /** A head as it came: its first line, and its header lines in their order. */
  record Head(String startLine, List<String> lines) {

    /** Returns the values of a header, in their order. */
    List<String> all(String name) {
      List<String> values = new ArrayList<>();
      for (String line : lines) {
        int colon = line.indexOf(':');
        if (colon >= 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
          values.add(line.substring(colon + 1).trim());
        }
      }
      return values;
    }

    /** Returns the first value of a header, or an empty text. */
    String first(String name) {
      List<String> values = all(name);
      return values.isEmpty() ? "" : values.get(0);
    }

    boolean isChunked() {
      return first("transfer-encoding").equalsIgnoreCase("chunked");
    }

    boolean hasLength() {
      return !all("content-length").isEmpty();
    }
  }

  /**
   * A body as it came.
   *
   * @param text its content, without its framing, one character a byte
   * @param trailers the lines after the last chunk
   * @param whole whether it ended as its framing promised
   */
  record Body(String text, List<String> trailers, boolean whole) {
    static final Body NONE = new Body("", List.of(), true);
  }

  private final InputStream in;

  Wire(InputStream in) {
    this.in = in;
  }

  /** Reads a head; a stream that ends before its first byte gives an empty start line. */
  Head head() throws IOException {
    String startLine = line();
    List<String> lines = new ArrayList<>();
    for (String line = startLine.isEmpty() ? "" : line(); !line.isEmpty(); line = line()) {
      lines.add(line);
    }
    return new Head(startLine, lines);
  }

  /** Reads the body of a request; one without framing has none. */
  Body bodyOfRequest(Head head) throws IOException {
    return head.isChunked() || head.hasLength() ? body(head) : Body.NONE;
  }

  /** Reads the body of an answer; one without framing lasts until the end of the stream. */
  Body body(Head head) throws IOException {
    if (head.isChunked()) {
      return chunks();
    }
    if (head.hasLength()) {
      int length = Integer.parseInt(head.first("content-length"));
      String text = upTo(length);
      return new Body(text, List.of(), text.length() == length);
    }
    return new Body(rest(), List.of(), true);
  }

  /** Reads until the end of the stream. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  String upTo(int length) throws IOException {
    return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
  }

  private Body chunks() throws IOException {
    StringBuilder text = new StringBuilder();
    while (true) {
      String size = line();
      if (size.isEmpty()) {
        return new Body(text.toString(), List.of(), false);
      }
      int length = Integer.parseInt(size, 16);
      if (length == 0) {
        List<String> trailers = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
          trailers.add(line);
        }
        return new Body(text.toString(), trailers, true);
      }
      text.append(upTo(length));
      line();
    }
  }

  /** Reads a line without its end; the end of the stream ends it too. */
  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }
}
