package dev.backline.balancer.config;

import java.util.regex.Pattern;

/** The keys that say where incidents are written. */
final class IncidentsSchema {
  private static final int MAX_KEPT = 10_000;

  static final Key<String> DIRECTORY =
      Key.of(
          "directory",
          Names.matching(
              "directory",
              "the name of a directory, like backline-incidents; `keep: 0` writes none",
              Pattern.compile("(?!none$)" + AdminSchema.FILE.pattern())),
          IncidentsConfig.DEFAULT.directory(),
          "Where a file is written each time that this member puts a backend out: what it saw before,"
              + " for `replay`. Readable by its owner only.");
  static final Key<Integer> KEEP =
      Key.of(
          "keep",
          Numbers.from(0, MAX_KEPT),
          IncidentsConfig.DEFAULT.keep(),
          "How many of its files are kept there, the newest; 0 writes none. Trap: one may have a few"
              + " megabytes.");
  static final SectionType SECTION = SectionType.of(DIRECTORY, KEEP).withShorthand(DIRECTORY);

  private IncidentsSchema() {}

  /** Returns the configuration of a file without errors. */
  static IncidentsConfig toConfig(Values incidents) {
    return new IncidentsConfig(incidents.get(DIRECTORY), incidents.get(KEEP));
  }
}
