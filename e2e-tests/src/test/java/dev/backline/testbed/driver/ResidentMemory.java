package dev.backline.testbed.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process takes of the machine's memory, by Linux's own account. */
final class ResidentMemory {
  private ResidentMemory() {}

  /** Returns the most that it ever took, in megabytes. */
  static long peakMegabytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .map(line -> line.replaceAll("[^0-9]", ""))
            .mapToLong(Long::parseLong)
            .findFirst()
            .orElseThrow()
        / 1024;
  }
}
