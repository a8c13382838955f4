package dev.backline.testbed.drill;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.http.ResponseReader;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A balancer of a page that keeps to the contract of the real one's command line, admin API and
 * access log, so that the drills can be tested without it: also on manners that they must catch.
 */
public final class StandInBalancer {
  private static final Pattern BACKEND = Pattern.compile("name: (\\S+), address: \"(\\S+?)\"");

  /** How it treats an exchange whose attempt broke. */
  enum Manners {
    /** Sends idempotent requests elsewhere, never others. */
    GOOD,
    /** Sends nothing again: each broken attempt is the client's loss. */
    CARELESS,
    /** Sends everything again: a POST may run twice. */
    RECKLESS,
    /** As GOOD, and leaves what was retried out of its access log. */
    LYING
  }

  private record Backend(String name, String address) {}

  private final Path config;
  private final Manners manners;
  private final Set<Backend> down = ConcurrentHashMap.newKeySet();
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger snapshot = new AtomicInteger();
  private volatile List<Backend> backends = List.of();
  private volatile boolean draining;

  private StandInBalancer(Path config, Manners manners) {
    this.config = config;
    this.manners = manners;
  }

  public static void main(String[] args) throws IOException {
    new StandInBalancer(Path.of(args[1]), Manners.valueOf(System.getProperty("manners", "GOOD")))
        .run();
  }

  private void run() throws IOException {
    Files.writeString(config.resolveSibling("backline-admin.token"), "secret\n");
    readConfig();
    HttpServer listener = serve(this::exchange);
    HttpServer admin = serve(this::admin);
    daemon(this::probeForEver).start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  draining = true;
                  listener.stop(1);
                  Runtime.getRuntime().halt(0);
                }));
    System.out.printf(
        "ready listeners=127.0.0.1:%d admin=127.0.0.1:%d%n",
        listener.getAddress().getPort(), admin.getAddress().getPort());
    while (System.in.read() >= 0) {
      // Nobody writes to it: it only ends.
    }
    System.exit(0);
  }

  private void readConfig() throws IOException {
    List<Backend> listed = new ArrayList<>();
    Matcher matcher = BACKEND.matcher(Files.readString(config));
    while (matcher.find()) {
      listed.add(new Backend(matcher.group(1), matcher.group(2)));
    }
    backends = List.copyOf(listed);
    snapshot.incrementAndGet();
  }

  private void probeForEver() {
    while (!draining) {
      probeAll();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    }
  }

  private void probeAll() {
    for (Backend backend : backends) {
      try {
        if (forward("GET", "/health", "", new byte[0], backend) == 200) {
          down.remove(backend);
        } else {
          down.add(backend);
        }
      } catch (IOException e) {
        down.add(backend);
      }
    }
  }

  private void exchange(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String method = exchange.getRequestMethod();
    String path = exchange.getRequestURI().toString();
    String id = exchange.getRequestHeaders().getFirst("X-Request-Id");
    JsonArray attempts = new JsonArray();
    int status = 503;
    for (Backend backend : inTurn()) {
      boolean sent = true;
      String fate = "";
      try {
        status = forward(method, path, id, body, backend);
        fate = "answered " + status;
        exchange.getResponseHeaders().set("Backline-Sample-Instance", backend.name());
      } catch (ConnectException e) {
        sent = false;
        fate = "refused";
      } catch (IOException e) {
        status = 502;
        fate = "closed before head";
      }
      attempts.add(
          JsonObject.of("backend", backend.name(), "address", backend.address(), "fate", fate));
      if (fate.startsWith("answered")) {
        break;
      }
      down.add(backend);
      boolean again = manners == Manners.RECKLESS || !sent || !method.equals("POST");
      if (!again || manners == Manners.CARELESS) {
        break;
      }
    }
    log(exchange, status, attempts);
    if (draining) {
      exchange.getResponseHeaders().set("Connection", "close");
    }
    exchange.sendResponseHeaders(status, 2);
    exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
    exchange.close();
  }

  private List<Backend> inTurn() {
    List<Backend> usable = new ArrayList<>(backends);
    if (!down.containsAll(usable)) {
      usable.removeAll(down);
    }
    Collections.rotate(usable, turn.incrementAndGet());
    return usable;
  }

  /**
   * Sends a request on a connection of its own and returns the answer's status. Not by the JDK's
   * client: that repeats a GET in secret when a kept connection breaks.
   */
  private static int forward(String method, String path, String id, byte[] body, Backend backend)
      throws IOException {
    Address address = Address.parse(backend.address());
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address.host(), address.port()), 500);
      socket.setSoTimeout(id.isEmpty() ? 300 : 15_000);
      String head =
          "%s %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%s\r\n"
              .formatted(
                  method, path, body.length, id.isEmpty() ? "" : "X-Request-Id: " + id + "\r\n");
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(body);
      ResponseReader answer = new ResponseReader(false);
      byte[] bytes = new byte[8192];
      while (answer.stage() != ResponseReader.Stage.COMPLETE) {
        int read = socket.getInputStream().read(bytes);
        if (read < 0) {
          throw new IOException("ended in " + answer.stage());
        }
        answer.feed(Arrays.copyOf(bytes, read));
      }
      return answer.status();
    }
  }

  private synchronized void log(HttpExchange exchange, int status, JsonArray attempts)
      throws IOException {
    boolean lie = manners == Manners.LYING && attempts.size() > 1;
    JsonObject line =
        JsonObject.of(
            "id",
            exchange.getRequestHeaders().getFirst("X-Request-Id"),
            "method",
            exchange.getRequestMethod(),
            "path",
            exchange.getRequestURI().toString(),
            "status",
            status,
            "outcome",
            status < 502 ? "answered" : "maybe-executed",
            "attempts",
            lie ? new JsonArray().add(attempts.getValue(0)) : attempts);
    Files.writeString(
        config.resolveSibling("access.log"),
        line.encode() + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private void admin(HttpExchange exchange) throws IOException {
    JsonObject answer = new JsonObject();
    int status = 200;
    switch (exchange.getRequestURI().getPath()) {
      case "/readyz" -> status = draining ? 503 : 200;
      case "/v1/reload" -> readConfig();
      case "/v1/status" -> answer = status();
      case "/v1/incident" -> answer.put("record", "a stand-in keeps none");
      default -> status = 404;
    }
    byte[] bytes = answer.put("snapshot", snapshot.get()).encode().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private JsonObject status() {
    JsonArray listed = new JsonArray();
    for (Backend backend : backends) {
      boolean up = !down.contains(backend);
      listed.add(
          JsonObject.of(
              "name",
              backend.name(),
              "address",
              backend.address(),
              "health",
              up ? "up" : "down",
              "eligible",
              up,
              "reason",
              up ? "passes" : "refused"));
    }
    JsonObject pool = JsonObject.of("name", "dumbsound", "panic", false, "backends", listed);
    return JsonObject.of(
        "member", JsonObject.of("state", "ready"), "pools", new JsonArray().add(pool));
  }

  private static HttpServer serve(HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
    server.createContext("/", handler);
    server.setExecutor(Executors.newCachedThreadPool(StandInBalancer::daemon));
    server.start();
    return server;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  }
}
