package dev.backline.testbed.browser;

import dev.backline.testbed.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A name with several addresses, as the manual has it: lines in {@code /etc/hosts}, but only in the
 * browser's own view of the file system, which takes root on Linux.
 *
 * @param hosts what the browser finds in that file
 */
record TwoAddresses(String hosts) {

  static TwoAddresses of(String name, String... addresses) {
    return new TwoAddresses(
        Stream.concat(
                Stream.of("127.0.0.1 localhost"),
                Stream.of(addresses).map(address -> address + " " + name))
            .collect(Collectors.joining("\n", "", "\n")));
  }

  /**
   * A program that runs the browser so. It asks the system for addresses, beside what else it is
   * told to do without: Chromium's own resolver reads only the first line of a name.
   */
  Path browser(Path program, Path folder) throws IOException {
    Files.createDirectories(folder);
    Path file = Files.writeString(folder.resolve("hosts"), hosts).toAbsolutePath();
    Path script = folder.resolve("browser").toAbsolutePath();
    Files.writeString(
        script,
        """
        #!/bin/sh
        for argument; do
          shift
          case $argument in --disable-features=*) argument=$argument,AsyncDns ;; esac
          set -- "$@" "$argument"
        done
        exec unshare --mount sh -c 'mount --bind "$0" /etc/hosts && exec "$@"' %s %s "$@"
        """
            .formatted(file, program));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    if (!mayMount()) {
      Requirement.CHROMIUM.missing("a name can't be given two addresses here (expected: root)");
    }
    return script;
  }

  private static boolean mayMount() throws IOException {
    try {
      return new ProcessBuilder(List.of("unshare", "--mount", "true")).start().waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
