package dev.backline.sample.web;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * A request whose body has wholly arrived.
 *
 * @param path the path as it was sent, without the query
 * @param variables the parts of the path that the route names
 * @param localAddress where it was received, as {@code host:port}
 */
public record Request(
    HttpMethod method,
    String path,
    Map<String, String> variables,
    MultiMap query,
    MultiMap headers,
    Buffer body,
    String localAddress) {
  public Request {
    variables = Map.copyOf(variables);
  }

  /** GET and HEAD: answered alike, but for the body. */
  public boolean isRead() {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }

  public boolean isGet() {
    return method.equals(HttpMethod.GET);
  }

  /** The part of the path that the route calls {@code name}. */
  public String variable(String name) {
    String value = variables.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + ": not in the route of " + path);
    }
    return value;
  }

  /** The body as a JSON object; an empty body is the empty object. */
  public Checked<JsonObject> json() {
    if (body.length() == 0) {
      return Checked.valid(new JsonObject());
    }
    try {
      return Checked.valid(new JsonObject(body));
    } catch (DecodeException | ClassCastException e) {
      return Checked.invalid("body", body.toString(), "a JSON object");
    }
  }
}
