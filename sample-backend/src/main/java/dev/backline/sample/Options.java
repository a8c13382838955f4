package dev.backline.sample;

import dev.backline.sample.register.Registration;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asked for.
 *
 * @param host address to listen on
 * @param port port to listen on; 0 takes a free one
 * @param instance name shown on every answer
 * @param faults whether {@code /testbed/faults} exists
 * @param ledger file that executed requests are appended to; null keeps them in memory only
 * @param exitWithStdin whether the end of standard input ends the process, as SIGTERM does
 * @param registration where it makes itself known; null: nowhere
 */
public record Options(
    String host,
    int port,
    String instance,
    boolean faults,
    @Nullable Path ledger,
    boolean exitWithStdin,
    @Nullable Registration registration) {
  /** The instance goes into a header and a page: nothing that needs escaping. */
  private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  public Options {
    Objects.requireNonNull(host);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("--port: " + port + " (expected: 0 to 65535)");
    }
    if (!INSTANCE.matcher(instance).matches()) {
      throw new IllegalArgumentException(
          "--instance: \""
              + instance
              + "\" (expected: 1 to 64 letters, digits, dots, colons, hyphens or underscores)");
    }
  }
}
