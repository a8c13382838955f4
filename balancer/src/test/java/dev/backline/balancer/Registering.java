package dev.backline.balancer;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A backend that registers itself by hand: each request on a connection of its own. */
final class Registering {
  static final String TOKEN = "0123456789abcdef-web-backends";

  private final String path;
  private final long incarnation;
  private long sequence;

  Registering(String pool, String name, long incarnation) {
    this.path = "/v1/pools/" + pool + "/backends/" + name;
    this.incarnation = incarnation;
  }

  static Path tokenFile(Path folder, String token) {
    try {
      Path file = Files.createTempFile(folder, "registration", ".token");
      Files.writeString(file, token);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says that the backend at this address is there. */
  RawClient.Answer put(int port, String address) {
    return send(port, "PUT", path, TOKEN, body(address).encode());
  }

  /** Withdraws. */
  RawClient.Answer delete(int port) {
    String query = "?incarnation=" + incarnation + "&sequence=" + ++sequence;
    return send(port, "DELETE", path + query, TOKEN, "");
  }

  /** Returns the next word, to which fields may be added. */
  JsonObject body(String address) {
    return new JsonObject()
        .put("address", address)
        .put("incarnation", incarnation)
        .put("sequence", ++sequence);
  }

  static RawClient.Answer send(int port, String method, String path, String token, String body) {
    return send(
        port,
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Type: application/json\r\n",
        body);
  }

  /** Sends a head that lacks its length, and a body. */
  static RawClient.Answer send(int port, String head, String body) {
    try (RawClient client = RawClient.to(port)) {
      return client.send(head + "Content-Length: " + body.length() + "\r\n\r\n" + body).answer();
    }
  }

  static String error(RawClient.Answer answer) {
    return new JsonObject(answer.text()).getString("error");
  }
}
