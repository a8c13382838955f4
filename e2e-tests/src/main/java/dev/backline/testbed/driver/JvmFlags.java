package dev.backline.testbed.driver;

import java.util.ArrayList;
import java.util.List;

/** Flags of the JVMs that the testbed starts: as little memory as they serve well with. */
final class JvmFlags {
  private static final List<String> SMALL =
      List.of(
          "-XX:+UseSerialGC",
          "-Xss512k",
          "-XX:TieredStopAtLevel=1",
          "-XX:ReservedCodeCacheSize=24m",
          "-XX:+ExitOnOutOfMemoryError");

  private JvmFlags() {}

  static List<String> balancer() {
    return with("-Xmx48m", "-XX:MaxDirectMemorySize=32m");
  }

  static List<String> backend() {
    return with("-Xmx32m", "-XX:MaxDirectMemorySize=16m");
  }

  private static List<String> with(String... flags) {
    List<String> all = new ArrayList<>(List.of(flags));
    all.addAll(SMALL);
    return List.copyOf(all);
  }
}
