package dev.backline.balancer.route;

import dev.backline.balancer.model.PoolName;
import java.util.Locale;

/**
 * Requests with this host and path go to this pool.
 *
 * @param host an exact host name, {@code *.example} for any name below it, or {@code *} for all
 * @param path the prefix of the path, by whole segments; begins with {@code /}
 * @param pool where they go
 */
public record Route(String host, String path, PoolName pool) {
  /** The pattern for every host. */
  public static final String ANY_HOST = "*";

  /** Lowers the host's case and checks the path. */
  public Route {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("path: " + path + " (expected: begins with /)");
    }
    host = host.toLowerCase(Locale.ROOT);
  }

  /** Returns the route that leads everything to one pool. */
  public static Route everythingTo(PoolName pool) {
    return new Route(ANY_HOST, "/", pool);
  }

  boolean matchesPath(String requestPath) {
    if (!requestPath.startsWith(path)) {
      return false;
    }
    return path.endsWith("/")
        || requestPath.length() == path.length()
        || requestPath.charAt(path.length()) == '/';
  }
}
