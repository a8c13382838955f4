package dev.backline.sample;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends the bytes it is given, and shows what came back as it came. */
final class Raw implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;

  Raw(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  /** What a server sent: the status line, the header lines, the body. */
  record Reply(String statusLine, List<String> headers, Buffer bytes) {
    String body() {
      return bytes.toString();
    }

    int length() {
      return bytes.length();
    }

    int status() {
      return Integer.parseInt(statusLine.split(" ", 3)[1]);
    }

    /** The value of the header, or {@code (absent)}. */
    String header(String name) {
      for (String header : headers) {
        if (header.regionMatches(true, 0, name + ": ", 0, name.length() + 2)) {
          return header.substring(name.length() + 2);
        }
      }
      return "(absent)";
    }
  }

  /** One exchange on a connection of its own. */
  static Reply exchange(int port, String method, String path, String body, String... headers)
      throws IOException {
    try (Raw raw = new Raw(port)) {
      return raw.exchange(method, path, body, headers);
    }
  }

  static Reply get(int port, String path, String... headers) throws IOException {
    return exchange(port, "GET", path, "", headers);
  }

  Reply exchange(String method, String path, String body, String... headers) throws IOException {
    request(method, path, body, headers);
    return reply(method.equals("HEAD"));
  }

  void request(String method, String path, String body, String... headers) throws IOException {
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: test\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 0) {
      head.append("Content-Length: ").append(bytes.length).append("\r\n");
    }
    send(head + "\r\n" + body);
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  Reply reply(boolean headOnly) throws IOException {
    InputStream in = socket.getInputStream();
    String statusLine = line(in);
    List<String> headers = new ArrayList<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      headers.add(header);
    }
    Reply head = new Reply(statusLine, headers, Buffer.buffer());
    boolean bodiless = headOnly || head.status() == 304 || head.status() == 204;
    if (bodiless) {
      return head;
    }
    byte[] body = body(in, head);
    return new Reply(statusLine, headers, Buffer.buffer(body));
  }

  /** The head of an answer after which HTTP is over. */
  Reply switched() throws IOException {
    return reply(true);
  }

  /** The lines of the next server-sent event, of an answer in chunks of one event each. */
  List<String> event() throws IOException {
    InputStream in = socket.getInputStream();
    byte[] chunk = exactly(in, size(in));
    line(in);
    return new String(chunk, StandardCharsets.UTF_8).lines().filter(l -> !l.isEmpty()).toList();
  }

  /** Everything until the server closes. */
  String untilEnd() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static byte[] body(InputStream in, Reply head) throws IOException {
    if (!head.header("Transfer-Encoding").equals("chunked")) {
      return exactly(in, Integer.parseInt(head.header("Content-Length")));
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = size(in); size > 0; size = size(in)) {
      body.writeBytes(exactly(in, size));
      line(in);
    }
    line(in);
    return body.toByteArray();
  }

  private static int size(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("ended after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("ended after \"" + line + "\"");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
