package dev.backline.balancer.config;

import dev.backline.balancer.model.PoolName;

/**
 * Where the requests of one host and path go.
 *
 * @param host the hosts it is for; default any
 * @param pathPrefix how their paths begin, from {@code /} on; default {@code /}; the longest that
 *     fits wins
 * @param pool where they go
 */
public record RouteConfig(HostPattern host, String pathPrefix, PoolName pool) {
  /** The prefix of every path. */
  public static final String ANY_PATH = "/";

  /** Checks the prefix. */
  public RouteConfig {
    if (!pathPrefix.startsWith("/")) {
      throw new IllegalArgumentException(
          "pathPrefix: " + pathPrefix + " (expected: to start with /)");
    }
  }

  /** Returns the route that leads everything to one pool. */
  public static RouteConfig everythingTo(PoolName pool) {
    return new RouteConfig(new HostPattern.Any(), ANY_PATH, pool);
  }
}
