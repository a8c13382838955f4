package dev.backline.sample.web;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is found at one path, by method.
 *
 * <p>HEAD comes with GET and OPTIONS with all; a method that isn't there is answered 405 with what
 * is in {@code Allow}.
 *
 * @param path in the router's notation, {@code /api/v1/music/:id}
 */
public record Resource(String path, Map<HttpMethod, Endpoint> endpoints) {
  public Resource {
    endpoints = new LinkedHashMap<>(endpoints);
  }

  public static Resource at(String path) {
    return new Resource(path, Map.of());
  }

  public Resource get(Endpoint endpoint) {
    return on(HttpMethod.GET, endpoint).on(HttpMethod.HEAD, endpoint);
  }

  public Resource on(HttpMethod method, Endpoint endpoint) {
    Map<HttpMethod, Endpoint> more = new LinkedHashMap<>(endpoints);
    more.put(method, endpoint);
    return new Resource(path, more);
  }

  /** Answers by the endpoint of the method, or says which methods there are. */
  public Answer answer(Request request) {
    Endpoint endpoint = endpoints.get(request.method());
    if (endpoint != null) {
      return endpoint.answer(request);
    }
    return otherThan(endpoints.keySet(), request);
  }

  /** The answer to a request of another method than these. */
  public static Answer otherThan(Collection<HttpMethod> supported, Request request) {
    List<HttpMethod> methods = new ArrayList<>(supported);
    methods.add(HttpMethod.OPTIONS);
    String allowed = methods.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
    if (request.method().equals(HttpMethod.OPTIONS)) {
      return Answer.empty().with("Allow", allowed);
    }
    String message =
        "method: " + request.method() + " on " + request.path() + " (expected: " + allowed + ")";
    return Answer.error(405, message).with("Allow", allowed);
  }
}
