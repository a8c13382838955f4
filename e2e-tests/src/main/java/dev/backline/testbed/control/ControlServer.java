package dev.backline.testbed.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.http.Address;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Takes commands from other terminals: HTTP on loopback, with the token of the control file. One
 * command at a time, on a thread of its own.
 */
public final class ControlServer implements AutoCloseable {
  static final String PATH = "/command";
  private static final int MAX_BODY = 4096;

  private final HttpServer server;
  private final ExecutorService thread;
  private final Commands commands;
  private final Path directory;
  private final Supplier<List<Address>> listeners;
  private final String token;

  private ControlServer(
      HttpServer server,
      Commands commands,
      Path directory,
      Supplier<List<Address>> listeners,
      String token) {
    this.server = server;
    this.commands = commands;
    this.directory = directory;
    this.listeners = listeners;
    this.token = token;
    thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "control"));
  }

  /**
   * Listens, and writes the control file into the directory; anew after each command, since the
   * listeners may be others then.
   */
  public static ControlServer start(
      Commands commands, Path directory, Supplier<List<Address>> listeners)
      throws TestbedException {
    byte[] secret = new byte[16];
    new SecureRandom().nextBytes(secret);
    String token = HexFormat.of().formatHex(secret);
    try {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpServer server = HttpServer.create(any, 10);
      ControlServer control = new ControlServer(server, commands, directory, listeners, token);
      server.setExecutor(control.thread);
      server.createContext("/", control::handle);
      server.start();
      control.writeFile();
      return control;
    } catch (IOException e) {
      throw new TestbedException("cannot listen for commands on loopback", e);
    }
  }

  /** Takes no more commands and removes the control file. */
  @Override
  public void close() throws TestbedException {
    ControlFile.delete(directory);
    server.stop(0);
    thread.shutdown();
  }

  private void writeFile() throws TestbedException {
    Address endpoint = new Address("127.0.0.1", server.getAddress().getPort());
    ControlFile.ofThisProcess(endpoint, token, listeners.get()).write(directory);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    byte[] authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
    if (given == null
        || !MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization)) {
      answer(exchange, 401, error("a token is needed", 1));
    } else if (!exchange.getRequestMethod().equals("POST")
        || !exchange.getRequestURI().getPath().equals(PATH)) {
      answer(exchange, 404, error("expected: POST " + PATH, 1));
    } else {
      perform(exchange, new String(body, StandardCharsets.UTF_8));
    }
  }

  private void perform(HttpExchange exchange, String body) throws IOException {
    try {
      JsonObject order = new JsonObject(body);
      String done = commands.perform(order.getString("command", ""), order.getString("target", ""));
      writeFile();
      answer(exchange, 200, new JsonObject().put("message", done));
    } catch (TestbedException e) {
      answer(exchange, 409, error(String.valueOf(e.getMessage()), e.exitCode()));
    } catch (DecodeException | ClassCastException e) {
      answer(exchange, 400, error("expected: a JSON object", 1));
    }
  }

  private static JsonObject error(String message, int exitCode) {
    return new JsonObject().put("error", message).put("exitCode", exitCode);
  }

  private static void answer(HttpExchange exchange, int status, JsonObject body)
      throws IOException {
    byte[] bytes = body.encode().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
