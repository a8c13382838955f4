package dev.backline.testbed.docker;

import dev.backline.testbed.driver.Program;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a failed {@code docker} command means, as one line that a person can act on.
 *
 * <p>Docker tells its troubles by text only: every one of them ends with exit code 1.
 */
final class DockerFailure {
  private static final Pattern NO_ENGINE =
      Pattern.compile(
          "cannot connect to the docker daemon|failed to connect to the docker api"
              + "|error during connect|is the docker daemon running");
  private static final Pattern NOT_ALLOWED =
      Pattern.compile("permission denied while trying to connect to the docker");
  private static final Pattern NO_COMPOSE =
      Pattern.compile(
          "'compose' is not a docker command|unknown command: docker compose"
              + "|unknown shorthand flag|unknown flag: --project");
  private static final Pattern NO_IMAGE =
      Pattern.compile(
          "failed to resolve source metadata for ([^ ]+): "
              + "|pull access denied for ([^ ,]+)"
              + "|failed to resolve reference \"([^\"]+)\"");

  /** What stands before an image's name as people write it. */
  private static final Pattern REGISTRY = Pattern.compile("^[^/]*[.:][^/]*/(library/)?");

  private static final Pattern NO_REGISTRY = Pattern.compile("get \"https?://[^\"]*/v2/\"");
  private static final Pattern PORT_TAKEN =
      Pattern.compile(":(\\d+) failed: port is already allocated|:(\\d+): bind: address already");

  private DockerFailure() {}

  /** Returns the line for a command that ended with a code other than 0. */
  static String explain(List<String> command, int exitCode, String stderr) {
    if (exitCode == Program.NOT_THERE) {
      return "no docker found (expected: Docker with its compose plugin on the PATH)";
    }
    String text = stderr.toLowerCase(Locale.ROOT);
    // This one first: it names the daemon's socket, too.
    if (NOT_ALLOWED.matcher(text).find()) {
      return "this user may not use the Docker engine (expected: a member of the group docker)";
    }
    if (NO_ENGINE.matcher(text).find()) {
      return "no Docker engine answers (start Docker Desktop, or: sudo systemctl start docker)";
    }
    if (NO_COMPOSE.matcher(text).find()) {
      return "this Docker has no compose plugin (expected: docker compose 2.26 or newer)";
    }
    String image = firstGroup(NO_IMAGE.matcher(text));
    if (!image.isEmpty()) {
      String name = REGISTRY.matcher(image).replaceFirst("");
      return "image " + name + " is neither here nor to be had (is there a way to its registry?)";
    }
    if (NO_REGISTRY.matcher(text).find()) {
      return "no image registry answers (expected: a way to one, or the images made before)";
    }
    String port = firstGroup(PORT_TAKEN.matcher(text));
    if (!port.isEmpty()) {
      return "port " + port + " is taken (choose another: BACKLINE_PORT, BACKLINE_PORTS)";
    }
    return "%s: exit code %d: %s".formatted(String.join(" ", command), exitCode, lastLine(stderr));
  }

  private static String firstGroup(Matcher matcher) {
    if (matcher.find()) {
      for (int i = 1; i <= matcher.groupCount(); i++) {
        String group = matcher.group(i);
        if (group != null) {
          return group;
        }
      }
    }
    return "";
  }

  private static String lastLine(String stderr) {
    return stderr
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .reduce((before, last) -> last)
        .orElse("nothing on standard error");
  }
}
