package dev.backline.balancer;

import dev.backline.balancer.proxy.CannotListen;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A whole member in this process, with a pool {@code music} on ports that were free. */
final class Member implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile(":(\\d+)");

  /** What is to be configured. */
  static final class Setup {
    private final List<String> backends = new ArrayList<>();
    private final List<String> pool = new ArrayList<>();
    private String listener = "";

    /** Adds keys to the pool: {@code "queue: {wait: 0s}"}. */
    Setup with(String keys) {
      pool.add(keys);
      return this;
    }

    /** Adds keys to the listener. */
    Setup listener(String keys) {
      listener = ", " + keys;
      return this;
    }

    Member start() {
      return Member.configured(text());
    }

    String text() {
      StringBuilder text = new StringBuilder(head(listener));
      text.append("pools:\n  music:\n    backends:\n");
      for (int i = 0; i < backends.size(); i++) {
        text.append("      - {name: backend-").append(i + 1);
        text.append(", address: ").append(backends.get(i)).append("}\n");
      }
      pool.forEach(keys -> text.append("    ").append(keys).append('\n'));
      return text.toString();
    }
  }

  private final Path folder;
  private final Balancer balancer;
  private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
  private final List<Integer> ports = new ArrayList<>();
  private int registrationPort;
  private boolean closed;

  private Member(String config) throws IOException, ConfigFile.Unusable, CannotListen {
    QuietLogs.install();
    this.folder = Files.createTempDirectory("member");
    Path file = Files.writeString(configFile(), config);
    PrintStream out = new PrintStream(stdout, true, StandardCharsets.UTF_8);
    this.balancer = new Balancer(file, ConfigFile.read(file), "test", out);
    String[] ready = balancer.start().split(" registration=", 2);
    Matcher registration = PORT.matcher(ready[ready.length - 1]);
    if (ready.length > 1 && registration.find()) {
      registrationPort = Integer.parseInt(registration.group(1));
    }
    Matcher port = PORT.matcher(ready[0]);
    while (port.find()) {
      ports.add(Integer.valueOf(port.group(1)));
    }
  }

  static Setup of(RawBackend... backends) {
    return of(Stream.of(backends).map(RawBackend::address).toArray(String[]::new));
  }

  static Setup of(String... addresses) {
    Setup setup = new Setup();
    setup.backends.addAll(List.of(addresses));
    return setup;
  }

  /** Returns the part of a configuration before its routes and pools. */
  static String head(String listenerKeys) {
    return "listeners: [{address: \"127.0.0.1:0\""
        + listenerKeys
        + "}]\nadmin: {address: \"127.0.0.1:0\", token_file: token}\n";
  }

  /** Starts a member with a whole configuration file. */
  static Member configured(String config) {
    try {
      return new Member(config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ConfigFile.Unusable | CannotListen e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  RawClient connect() {
    return RawClient.to(port());
  }

  /** Sends one GET on a connection of its own and returns the answer. */
  RawClient.Answer get(String target) {
    try (RawClient client = connect()) {
      return client.get(target).answer();
    }
  }

  int port() {
    return ports.get(0);
  }

  int port(int listener) {
    return ports.get(listener);
  }

  int adminPort() {
    return ports.get(ports.size() - 1);
  }

  /** Returns where backends register, if it has such an address. */
  int registrationPort() {
    return registrationPort;
  }

  Path folder() {
    return folder;
  }

  Path configFile() {
    return folder.resolve("backline.yml");
  }

  String token() {
    try {
      return Files.readString(folder.resolve("token")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a request to the admin interface, with its token. */
  RawClient.Answer admin(String method, String path) {
    try (RawClient client = RawClient.to(adminPort())) {
      return client
          .send(
              method
                  + " "
                  + path
                  + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                  + "Content-Length: 0\r\nAuthorization: Bearer "
                  + token()
                  + "\r\n\r\n")
          .answer();
    }
  }

  JsonObject status() {
    return new JsonObject(admin("GET", "/v1/status").text());
  }

  /** Returns how the member sees a backend of its first pool. */
  JsonObject backend(String name) {
    JsonArray backends = status().getJsonArray("pools").getJsonObject(0).getJsonArray("backends");
    return backends.stream()
        .map(JsonObject.class::cast)
        .filter(backend -> backend.getString("name").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not among " + backends));
  }

  String health(String name) {
    return backend(name).getString("health");
  }

  /** Waits until the member thinks so of the backend. */
  Member awaitHealth(String name, String health) {
    Eventually.await().until(() -> health(name).equals(health));
    return this;
  }

  /** Replaces the configuration file and has it read. */
  RawClient.Answer reload(String config) {
    try {
      Files.writeString(configFile(), config);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return admin("POST", "/v1/reload");
  }

  /** Returns the lines of the access log so far. */
  List<JsonObject> accessLog() {
    return stdout.toString(StandardCharsets.UTF_8).lines().map(JsonObject::new).toList();
  }

  /** Waits for the line of an exchange. */
  JsonObject logged(Predicate<JsonObject> which) {
    return Eventually.await()
        .until(() -> accessLog().stream().filter(which).findFirst(), java.util.Optional::isPresent)
        .orElseThrow();
  }

  /** Waits for the line of the exchange with this target. */
  JsonObject logged(String path) {
    return logged(line -> path.equals(line.getString("path")));
  }

  /** Waits for the line of an exchange, and returns the fates of its attempts. */
  List<String> fates(String path) {
    return logged(path).getJsonArray("attempts").stream()
        .map(attempt -> ((JsonObject) attempt).getString("fate"))
        .toList();
  }

  Balancer balancer() {
    return balancer;
  }

  /** Ends it, with everything written; {@link #close} does nothing more then. */
  void end() {
    close();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      balancer.close();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
