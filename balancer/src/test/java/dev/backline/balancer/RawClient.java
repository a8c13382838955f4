package dev.backline.balancer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A client that sends the bytes it is told to, on one connection. */
final class RawClient implements AutoCloseable {
  static final int PATIENCE_MILLIS = 30_000;

  /** An answer as it came. */
  record Answer(Wire.Head head, Wire.Body body) {
    int status() {
      return Integer.parseInt(head.startLine().split(" ", 3)[1]);
    }

    String header(String name) {
      return head.first(name);
    }

    List<String> headers(String name) {
      return head.all(name);
    }

    String text() {
      return body.text();
    }
  }

  private final Socket socket;
  private final Wire wire;

  private RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    this.wire = new Wire(new BufferedInputStream(socket.getInputStream()));
  }

  static RawClient to(int port) {
    return to(port, new Socket());
  }

  /**
   * Connects with a receive buffer so small that a sender soon feels a reader that stands still.
   */
  static RawClient withSmallBuffer(int port) {
    try {
      Socket socket = new Socket();
      socket.setReceiveBufferSize(4 * 1024);
      return to(port, socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RawClient to(int port, Socket socket) {
    try {
      socket.connect(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
      return new RawClient(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends these characters, one byte each. */
  RawClient send(String bytes) {
    try {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a GET with a host. */
  RawClient get(String target) {
    return send("GET " + target + " HTTP/1.1\r\nHost: music.example\r\n\r\n");
  }

  /** Sends a request with a body of a length that it tells. */
  RawClient send(String method, String target, String body) {
    return send(
        method
            + " "
            + target
            + " HTTP/1.1\r\nHost: music.example\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  /** Reads an answer with its body. */
  Answer answer() {
    try {
      Wire.Head head = wire.head();
      int status = head.startLine().isEmpty() ? 0 : new Answer(head, Wire.Body.NONE).status();
      boolean bodiless = status < 200 || status == 204 || status == 304;
      return new Answer(head, bodiless ? Wire.Body.NONE : wire.body(head));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads an answer to a HEAD request, which has no body whatever its head says. */
  Answer answerToHead() {
    try {
      return new Answer(wire.head(), Wire.Body.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads these many bytes, or fewer where the stream ends. */
  String read(int bytes) {
    try {
      return wire.upTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what comes until the other side closes the connection. */
  String untilClosed() {
    try {
      return wire.rest();
    } catch (SocketException e) {
      return ""; // A reset is an end too.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads on; returns whether the connection ends by a reset, and not in order. */
  boolean isReset() {
    try {
      wire.rest();
      return false;
    } catch (SocketException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the connection with a reset, as a client does that is killed with data unread. */
  void reset() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
