package dev.backline.testbed.load;

import dev.backline.testbed.http.Address;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that answers each request with the bytes that a test scripts, however wrong. */
final class RawServer implements AutoCloseable {
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  private final ServerSocket listener;
  private final Script script;
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final Thread accepting = new Thread(this::accept, "raw-server");

  /** What to do with a request: the n-th of its connection, both counted from 1. */
  interface Script {
    void answer(int connection, int request, Socket socket) throws IOException;
  }

  private RawServer(ServerSocket listener, Script script) {
    this.listener = listener;
    this.script = script;
  }

  static RawServer start(Script script) throws IOException {
    ServerSocket listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    RawServer server = new RawServer(listener, script);
    server.accepting.start();
    return server;
  }

  static void write(Socket socket, String bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  Address address() {
    return new Address("127.0.0.1", listener.getLocalPort());
  }

  int accepted() {
    return accepted.get();
  }

  /** Closes the listener and each connection. */
  void stop() throws IOException {
    listener.close();
    try {
      accepting.join(); // Until then it may accept one more.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    stop();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        sockets.add(socket);
        int number = accepted.incrementAndGet();
        new Thread(() -> serve(number, socket), "raw-connection-" + number).start();
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(int number, Socket socket) {
    try {
      InputStream in = socket.getInputStream();
      for (int request = 1; readRequest(in); request++) {
        script.answer(number, request, socket);
      }
      socket.close();
    } catch (IOException e) {
      // The client or the script closed it: that is how a connection ends here.
    }
  }

  /** Reads a head and the body that its Content-Length announces; false at the end. */
  private static boolean readRequest(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      head.append((char) next);
    }
    int at = head.indexOf("Content-Length: ");
    if (at >= 0) {
      int length = Integer.parseInt(head.substring(at + 16, head.indexOf("\r", at)));
      return in.readNBytes(length).length == length;
    }
    return true;
  }
}
