package dev.backline.balancer;

import dev.backline.balancer.admin.AdminToken;
import dev.backline.balancer.admin.StatusTable;
import dev.backline.balancer.admin.TimelineTable;
import dev.backline.balancer.config.BalancerConfig;
import dev.backline.balancer.model.HostAndPort;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ParseResult;

/** The commands that ask a running member, found by its configuration file. */
final class AdminCalls {
  private static final int TIMEOUT_MILLIS = 5_000;

  private record Answer(int status, JsonObject body) {}

  /** No answer that is of use; each line says why. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    private final int exitCode;
    private final transient List<String> lines;

    Refused(int exitCode, List<String> lines) {
      super(String.join("\n", lines));
      this.exitCode = exitCode;
      this.lines = lines;
    }

    int tell() {
      lines.forEach(System.err::println);
      return exitCode;
    }
  }

  private AdminCalls() {}

  static int status(ParseResult result) {
    try {
      System.out.print(StatusTable.of(call(file(result), "GET", "/v1/status")));
      return Main.OK;
    } catch (Refused e) {
      return e.tell();
    }
  }

  static int reload(ParseResult result) {
    Path file = file(result);
    try {
      JsonObject answer = call(file, "POST", "/v1/reload");
      if (answer.getJsonArray("changes").isEmpty()) {
        System.out.println("nothing has changed");
      }
      answer.getJsonArray("changes").forEach(System.out::println);
      return isRead(file, answer.getString("config")) ? Main.OK : Main.BAD_CONFIG;
    } catch (Refused e) {
      return e.tell();
    }
  }

  /** Asks the member of each file, and tells what those say that answer. */
  static int why(ParseResult result) {
    String backend = result.matchedPositionalValue(0, "");
    String segment = URLEncoder.encode(backend, StandardCharsets.UTF_8).replace("+", "%20");
    List<Path> files = result.matchedOptionValue("--config", List.of(Path.of(Main.DEFAULT_CONFIG)));
    List<JsonObject> answers = new ArrayList<>();
    int worst = Main.OK;
    for (Path file : files) {
      try {
        answers.add(call(file, "GET", "/v1/backends/" + segment + "/timeline"));
      } catch (Refused e) {
        worst = Math.max(worst, e.tell());
      }
    }
    System.out.print(TimelineTable.of(answers, ZoneId.systemDefault()));
    return worst;
  }

  private static Path file(ParseResult result) {
    return result.matchedOptionValue("--config", Path.of(Main.DEFAULT_CONFIG));
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

  /** Returns the member's answer. */
  private static JsonObject call(Path file, String method, String path) throws Refused {
    BalancerConfig config;
    AdminToken token;
    try {
      config = ConfigFile.read(file);
      token = AdminToken.load(ConfigFile.resolve(file, config.admin().tokenFile()));
    } catch (ConfigFile.Unusable e) {
      throw new Refused(Main.BAD_CONFIG, Main.errors(file, e));
    } catch (NoSuchFileException e) {
      throw silent("no running member answers: none was ever started: " + e.getMessage());
    } catch (IOException e) {
      throw new Refused(Main.BAD_CONFIG, List.of(String.valueOf(e.getMessage())));
    }
    String where = HostAndPort.text(config.admin().host(), config.admin().port());
    try {
      return checked(where, ask(config, token, method, path));
    } catch (SocketTimeoutException e) {
      throw silent(where + ": no running member answers in time (is it paused, or very busy?)");
    } catch (IOException e) {
      throw silent(where + ": no running member answers: " + e.getMessage() + " (is it started?)");
    } catch (DecodeException e) {
      throw silent(where + ": no running member answers: somebody else listens there");
    }
  }

  private static Refused silent(String why) {
    return new Refused(Main.NOBODY_ANSWERS, List.of(why));
  }

  private static JsonObject checked(String where, Answer answer) throws Refused {
    if (answer.status() == 200) {
      return answer.body();
    }
    JsonArray errors = answer.body().getJsonArray("errors");
    if (errors == null) {
      String error = where + ": " + answer.body().getString("error");
      throw new Refused(Main.UNEXPECTED, List.of(error));
    }
    throw new Refused(Main.BAD_CONFIG, errors.stream().map(String::valueOf).toList());
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
