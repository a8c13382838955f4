package dev.backline.balancer.model;

/**
 * What routing, selection and retries need to know of a request.
 *
 * @param method as sent, case-sensitive (RFC 9110, 9.1)
 * @param host the authority's host, lower case, without port; empty if the request named none
 * @param path the target's path, without query, undecoded
 * @param clientAddress the address of the client, without port
 * @param headers a look into its headers
 */
public record RequestHead(
    String method, String host, String path, String clientAddress, Headers headers) {

  /** Returns whether the method promises to change nothing (RFC 9110, 9.2.1). */
  public boolean isSafe() {
    return switch (method) {
      case "GET", "HEAD", "OPTIONS", "TRACE" -> true;
      default -> false;
    };
  }

  /** Returns whether the method may be sent again without harm (RFC 9110, 9.2.2). */
  public boolean isIdempotent() {
    return isSafe() || method.equals("PUT") || method.equals("DELETE");
  }
}
