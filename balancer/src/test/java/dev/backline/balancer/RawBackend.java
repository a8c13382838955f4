package dev.backline.balancer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A backend that answers with the bytes it is told to. Probes ({@code GET /health}) are answered
 * apart, and are not among what it received.
 */
final class RawBackend implements AutoCloseable {
  private static final String PASS =
      "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

  /** A request as it came. */
  record Received(Wire.Head head, Wire.Body body, int connection) {
    String target() {
      return head.startLine().split(" ", 3)[1];
    }

    String header(String name) {
      return head.first(name);
    }

    List<String> headers(String name) {
      return head.all(name);
    }
  }

  /** What it does with a request whose head it has read. */
  @FunctionalInterface
  interface Script {
    void serve(Connection connection) throws IOException;
  }

  /** A connection to it, in the middle of a request. */
  final class Connection {
    private final Socket socket;
    private final int number;
    private final Wire wire;
    private Wire.Head head = new Wire.Head("", List.of());
    private boolean bodyRead;

    Connection(Socket socket, int number) throws IOException {
      this.socket = socket;
      this.number = number;
      this.wire = new Wire(new BufferedInputStream(socket.getInputStream()));
    }

    /** Returns which connection this is, from 1. */
    int number() {
      return number;
    }

    Wire.Head head() {
      return head;
    }

    String method() {
      return head.startLine().split(" ", 2)[0];
    }

    /** Reads the rest of the request, which is received with that. */
    Received readBody() throws IOException {
      bodyRead = true;
      Received request = new Received(head, wire.bodyOfRequest(head), number);
      received.add(request);
      return request;
    }

    /** Reads the request and answers it. */
    void answer(String bytes) throws IOException {
      readBody();
      send(bytes);
    }

    /** Reads so many bytes behind the request. */
    String read(int bytes) throws IOException {
      return wire.upTo(bytes);
    }

    void send(String bytes) throws IOException {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns whether the other side has closed the connection; waits until it sends or does. */
    boolean isClosedByPeer() {
      try {
        return wire.rest().isEmpty();
      } catch (IOException e) {
        return true; // Reset.
      }
    }

    void close() throws IOException {
      socket.close();
    }

    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    private void serve() throws IOException {
      while (!socket.isClosed()) {
        head = wire.head();
        bodyRead = false;
        if (head.startLine().isEmpty()) {
          return;
        }
        if (head.startLine().startsWith("GET /health ")) {
          probes.incrementAndGet();
          health.serve(this);
          return;
        }
        open.add(this);
        heads.incrementAndGet();
        script.serve(this);
        if (!bodyRead && !socket.isClosed()) {
          readBody();
        }
      }
    }
  }

  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger heads = new AtomicInteger();
  private final AtomicInteger probes = new AtomicInteger();
  private final InetAddress host;
  private final int port;
  private final Script first;
  private volatile Script script;
  private volatile Script health = connection -> connection.send(PASS);
  private volatile ServerSocket listener;
  private volatile Thread accepting;

  /** Holds the port of one that was killed, without listening: another test would answer there. */
  private @Nullable Socket held;

  private RawBackend(Script script) {
    this(InetAddress.getLoopbackAddress(), 0, script);
  }

  private RawBackend(InetAddress host, int port, Script script) {
    this.host = host;
    this.first = script;
    this.script = script;
    try {
      this.listener = listen(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.port = listener.getLocalPort();
    this.accepting = startAccepting();
  }

  static RawBackend scripted(Script script) {
    return new RawBackend(script);
  }

  /** Answers every request with these bytes, on kept connections. */
  static RawBackend answering(String bytes) {
    return new RawBackend(connection -> connection.answer(bytes));
  }

  /** Answers every request with 200 and this text. */
  static RawBackend saying(String text) {
    return answering(ok(text));
  }

  /** Never answers. */
  static RawBackend hanging() {
    return new RawBackend(Connection::readBody);
  }

  /** Answers as {@link #saying}, at an address of loopback and a port that others may have too. */
  static RawBackend saying(String text, String host, int port) {
    try {
      return new RawBackend(
          InetAddress.getByName(host), port, connection -> connection.answer(ok(text)));
    } catch (UnknownHostException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String ok(String text) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
  }

  static String status(int status) {
    return "HTTP/1.1 " + status + " Some\r\nContent-Length: 0\r\n\r\n";
  }

  String address() {
    return host.getHostAddress() + ":" + port;
  }

  /** What it does from now on. */
  RawBackend does(Script changed) {
    script = changed;
    return this;
  }

  /** How it answers probes from now on. */
  RawBackend health(Script changed) {
    health = changed;
    return this;
  }

  /** Answers probes with this status from now on. */
  RawBackend health(int status) {
    return health(connection -> connection.send(status(status)));
  }

  /** Returns the whole requests that came. */
  List<Received> received() {
    return List.copyOf(received);
  }

  /** Waits until so many whole requests have come. */
  List<Received> awaitReceived(int count) {
    Eventually.await().until(() -> received.size() >= count);
    return received();
  }

  /** Waits until the heads of so many requests have come. */
  void awaitHeads(int count) {
    Eventually.await().until(() -> heads.get() >= count);
  }

  int heads() {
    return heads.get();
  }

  int probes() {
    return probes.get();
  }

  /** Ends its connections and refuses new ones, as a process that was killed. */
  void kill() {
    try {
      end();
      held = new Socket();
      held.setReuseAddress(true);
      held.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void end() throws IOException {
    release();
    try {
      listener.close();
      accepting.join(); // Until then the kernel may still hand it a connection.
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void release() throws IOException {
    if (held != null) {
      held.close();
      held = null;
    }
  }

  @Override
  public void close() {
    try {
      end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the connections on which requests came, and goes on. */
  void closeConnections() {
    try {
      for (Connection connection : open) {
        connection.close();
      }
      open.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Listens again on the same port after {@link #kill}. */
  void restart() {
    try {
      release();
      listener = listen(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    accepting = startAccepting();
  }

  /** Forgets what it received, and answers as it did at first. */
  void reset() {
    received.clear();
    heads.set(0);
    script = first;
  }

  int port() {
    return port;
  }

  private ServerSocket listen(int wanted) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.setReceiveBufferSize(16 * 1024);
    socket.bind(new InetSocketAddress(host, wanted), 1_024);
    return socket;
  }

  private Thread startAccepting() {
    ServerSocket socket = listener;
    return start("raw-backend-" + port, () -> accept(socket));
  }

  private void accept(ServerSocket listening) {
    try {
      while (true) {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        Connection connection = new Connection(socket, accepted.incrementAndGet());
        start("raw-backend-" + port + "-connection", () -> serve(connection));
      }
    } catch (IOException e) {
      // Closed: it was killed.
    }
  }

  private void serve(Connection connection) {
    try (Socket socket = connection.socket) {
      try {
        connection.serve();
      } finally {
        sockets.remove(socket);
        open.remove(connection);
      }
    } catch (IOException e) {
      // The other side has gone, which is what some tests are about.
    }
  }

  private static Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
