package dev.backline.balancer;

import dev.backline.balancer.admin.AdminToken;
import dev.backline.balancer.admin.StatusTable;
import dev.backline.balancer.config.BalancerConfig;
import dev.backline.balancer.model.HostAndPort;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.ParseResult;

/** The commands that ask a running member, found by its configuration file. */
final class AdminCalls {
  private static final int TIMEOUT_MILLIS = 5_000;

  private record Answer(int status, JsonObject body) {}

  private AdminCalls() {}

  static int status(ParseResult result) {
    return call(
        result,
        "GET",
        "/v1/status",
        (file, answer) -> {
          System.out.print(StatusTable.of(answer));
          return Main.OK;
        });
  }

  static int reload(ParseResult result) {
    return call(
        result,
        "POST",
        "/v1/reload",
        (file, answer) -> {
          if (answer.getJsonArray("changes").isEmpty()) {
            System.out.println("nothing has changed");
          }
          answer.getJsonArray("changes").forEach(System.out::println);
          return isRead(file, answer.getString("config")) ? Main.OK : Main.BAD_CONFIG;
        });
  }

  /** A member reads the file that it was started with again; to name another one is no reload. */
  private static boolean isRead(Path file, String read) {
    try {
      if (Files.isSameFile(file, Path.of(read))) {
        return true;
      }
    } catch (IOException e) {
      // It is not there, or not on this machine: another one.
    }
    System.err.printf(
        "%s was not read: the running member reads %s (expected: --config %s)%n", file, read, read);
    return false;
  }

  private interface Print {
    /** Returns the exit code. */
    int print(Path file, JsonObject answer);
  }

  private static int call(ParseResult result, String method, String path, Print print) {
    Path file = result.matchedOptionValue("--config", Path.of(Main.DEFAULT_CONFIG));
    BalancerConfig config;
    AdminToken token;
    try {
      config = ConfigFile.read(file);
      token = AdminToken.load(ConfigFile.resolve(file, config.admin().tokenFile()));
    } catch (ConfigFile.Unusable e) {
      return Main.bad(file, e);
    } catch (NoSuchFileException e) {
      System.err.println("no running member answers: none was ever started: " + e.getMessage());
      return Main.NOBODY_ANSWERS;
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return Main.BAD_CONFIG;
    }
    String where = HostAndPort.text(config.admin().host(), config.admin().port());
    try {
      return show(file, where, ask(config, token, method, path), print);
    } catch (SocketTimeoutException e) {
      System.err.println(
          where + ": no running member answers in time (is it paused, or very busy?)");
      return Main.NOBODY_ANSWERS;
    } catch (IOException e) {
      System.err.println(
          where + ": no running member answers: " + e.getMessage() + " (is it started?)");
      return Main.NOBODY_ANSWERS;
    } catch (DecodeException e) {
      System.err.println(where + ": no running member answers: somebody else listens there");
      return Main.NOBODY_ANSWERS;
    }
  }

  private static int show(Path file, String where, Answer answer, Print print) {
    if (answer.status() == 200) {
      return print.print(file, answer.body());
    }
    var errors = answer.body().getJsonArray("errors");
    if (errors == null) {
      System.err.println(where + ": " + answer.body().getString("error"));
      return Main.UNEXPECTED;
    }
    errors.forEach(System.err::println);
    return Main.BAD_CONFIG;
  }

  private static Answer ask(BalancerConfig config, AdminToken token, String method, String path)
      throws IOException {
    String host = config.admin().host();
    URL url = new URL("http", host, config.admin().port(), path);
    HttpURLConnection connection = (HttpURLConnection) url.openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    connection.setRequestProperty("Authorization", token.authorization());
    connection.setRequestProperty("Content-Type", "application/json");
    int status = connection.getResponseCode();
    try (InputStream in =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Answer(status, new JsonObject(body));
    }
  }
}
