package dev.backline.balancer.admin;

import io.vertx.ext.web.RoutingContext;

/** Tokens in requests (RFC 6750). */
final class Bearer {
  private static final String SCHEME = "Bearer ";

  private Bearer() {}

  /** Returns the token that a request presents; empty if it has none. */
  static String of(RoutingContext context) {
    String authorization = context.request().getHeader("Authorization");
    return authorization != null
            && authorization.regionMatches(/* ignoreCase= */ true, 0, SCHEME, 0, SCHEME.length())
        ? authorization.substring(SCHEME.length()).strip()
        : "";
  }

  static void refuse(RoutingContext context, String error) {
    context.response().putHeader("WWW-Authenticate", "Bearer realm=\"backline\"");
    Json.fail(context, 401, error);
  }
}
