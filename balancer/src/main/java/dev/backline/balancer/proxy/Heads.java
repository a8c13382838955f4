package dev.backline.balancer.proxy;

import dev.backline.balancer.http.ForwardedHeaders;
import dev.backline.balancer.http.HeaderField;
import dev.backline.balancer.http.HopByHop;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;

/** Makes the heads that are sent on of the heads that came in. */
final class Heads {
  private Heads() {}

  /** Returns what of a head is for its connection only. */
  static HopByHop hopByHop(MultiMap headers) {
    return HopByHop.of(headers.getAll("connection"));
  }

  /** Returns whether a request asks for a WebSocket. */
  static boolean isUpgrade(ClientRequest asked) {
    HttpServerRequest request = asked.request();
    String length = request.getHeader("content-length");
    return request.method().equals(HttpMethod.GET)
        && request.version() == HttpVersion.HTTP_1_1
        && asked.hopByHop().isWebSocket(request.headers().getAll("upgrade"))
        && !request.headers().contains("transfer-encoding")
        && (length == null || length.equals("0"));
  }

  /** Marks a head as that of a WebSocket: what it said itself was for its own connection. */
  static void makeUpgrade(MultiMap headers) {
    headers.set("Connection", "Upgrade").set("Upgrade", "websocket");
  }

  /** Returns whether an answer agrees to the upgrade that it was asked for. */
  static boolean isUpgraded(HttpClientResponse in) {
    return in.statusCode() == 101
        && hopByHop(in.headers()).isWebSocket(in.headers().getAll("upgrade"))
        && hasValidHeaders(in);
  }

  /** Returns the headers of a request for a backend. */
  static MultiMap toBackend(ClientRequest asked) {
    HttpServerRequest request = asked.request();
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (Map.Entry<String, String> header : request.headers()) {
      String name = header.getKey();
      if (!asked.hopByHop().contains(name)
          && !ForwardedHeaders.isOurs(name)
          && !name.equalsIgnoreCase("expect")) {
        headers.add(name, header.getValue());
      }
    }
    headers.add("Via", ForwardedHeaders.VIA);
    headers.add("X-Forwarded-For", asked.head().clientAddress());
    headers.add("X-Forwarded-Proto", "http");
    String host = request.getHeader("host");
    if (host != null) {
      headers.add("X-Forwarded-Host", host);
    }
    headers.add("X-Forwarded-Port", String.valueOf(request.localAddress().port()));
    headers.add("X-Request-Id", asked.id());
    return headers;
  }

  /**
   * Returns whether an answer can be relayed: it is the final one, and every reader sees where it
   * ends.
   */
  static boolean canBeRelayed(HttpClientResponse in) {
    List<String> codings = in.headers().getAll("transfer-encoding");
    if (in.statusCode() < 200
        || codings.size() > 1
        || (codings.size() == 1 && !codings.get(0).equalsIgnoreCase("chunked"))) {
      return false;
    }
    return hasValidHeaders(in);
  }

  private static boolean hasValidHeaders(HttpClientResponse in) {
    for (Map.Entry<String, String> header : in.headers()) {
      if (!HeaderField.isValid(header.getKey(), header.getValue())) {
        return false;
      }
    }
    return HeaderField.isValid("reason", in.statusMessage());
  }

  /** Takes the status and the headers of a backend's answer over. */
  static void toClient(
      HttpClientResponse in, HopByHop hopByHop, HttpServerResponse out, String id) {
    out.setStatusCode(in.statusCode()).setStatusMessage(in.statusMessage());
    boolean hasLength = in.statusCode() != 204;
    for (Map.Entry<String, String> header : in.headers()) {
      String name = header.getKey();
      if (!hopByHop.contains(name) && (hasLength || !name.equalsIgnoreCase("content-length"))) {
        out.headers().add(name, header.getValue());
      }
    }
    out.headers().add("Via", ForwardedHeaders.VIA);
    if (!out.headers().contains("X-Request-Id")) {
      out.headers().add("X-Request-Id", id);
    }
  }

  /** Has the connection of a client end after this answer. */
  static void makeLast(HttpServerResponse out) {
    // At the very end: to HTTP/1.0 clients Vert.x promises keep-alive whatever was said before.
    out.headersEndHandler(v -> out.headers().set("Connection", "close"));
  }

  /** Adds the trailers of a backend's answer, without those that would change how it is read. */
  static void trailersToClient(HttpClientResponse in, HttpServerResponse out) {
    for (Map.Entry<String, String> trailer : in.trailers()) {
      if (HopByHop.isTrailer(trailer.getKey())
          && HeaderField.isValid(trailer.getKey(), trailer.getValue())) {
        out.trailers().add(trailer.getKey(), trailer.getValue());
      }
    }
  }
}
