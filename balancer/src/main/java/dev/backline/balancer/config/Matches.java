package dev.backline.balancer.config;

import dev.backline.balancer.http.RequestPath;
import dev.backline.balancer.model.IpAddress;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What a request is matched by: its host and its path. */
final class Matches {
  private static final Pattern PATH = Pattern.compile("/[!-~&&[^?#]]{0,1023}");
  private static final Pattern TARGET = Pattern.compile("/[!-~&&[^#]]{0,1023}");
  private static final Pattern DOT_SEGMENT =
      Pattern.compile(".*/(\\.|%2e){1,2}(/.*)?", Pattern.CASE_INSENSITIVE);

  /** The hosts of a route. */
  static final ScalarType<String> HOST =
      new ScalarType<>(
          "host name, or `*.` and one",
          "a host name, like web.example, or \"*.example\" in quotes",
          Matches::host,
          Function.identity());

  /** How the path of a request begins. */
  static final ScalarType<String> PATH_PREFIX =
      new ScalarType<>(
          "path", "a path that starts with /, like /api", Matches::pathPrefix, Function.identity());

  /** The target of a health request. */
  static final ScalarType<String> PROBE_TARGET =
      Names.matching(
          "path, with or without a query",
          "a path that starts with /, like /health, of printable ASCII without #",
          TARGET);

  private Matches() {}

  private static Reading<String> host(String text) {
    if (text.equals("*")) {
      return new Reading.Wrong<>("no host at all, for any host");
    }
    if (!text.chars().allMatch(c -> c < 0x80)) {
      return new Reading.Wrong<>("the ASCII form of the name, which starts with xn--");
    }
    if (text.matches("[^:/]*:[0-9]+")) {
      return new Reading.Wrong<>("a host name without a port");
    }
    boolean isPattern = text.startsWith("*.");
    String name = HostPort.nameOrIpv4(isPattern ? text.substring(2) : text);
    if (name == null || (isPattern && IpAddress.parse(name) != null)) {
      return new Reading.Wrong<>(
          text.lastIndexOf('*') > 0
              ? "a * only as the whole first label, like \"*.example\""
              : "a host name, like web.example, or \"*.example\"");
    }
    String lower = name.toLowerCase(Locale.ROOT);
    return new Reading.Right<>(isPattern ? "*." + lower : lower);
  }

  private static Reading<String> pathPrefix(String text) {
    if (!PATH.matcher(text).matches()) {
      return new Reading.Wrong<>(
          text.startsWith("/")
              ? "printable ASCII without ? and #, at most 1024 characters"
              : "a path that starts with /, like /api");
    }
    if (DOT_SEGMENT.matcher(text).matches()) {
      return new Reading.Wrong<>("a path without . and .. segments");
    }
    String normal = RequestPath.of(text);
    return normal.equals(text)
        ? new Reading.Right<>(text)
        : new Reading.Wrong<>(normal + ", as requests are compared with it");
  }
}
