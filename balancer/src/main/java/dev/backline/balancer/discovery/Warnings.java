package dev.backline.balancer.discovery;

import java.util.HashSet;
import java.util.Set;

/** Tells each warning once, and not without end. Owned by one watch. */
final class Warnings {
  private static final int MAX_TOLD = 100;

  private final System.Logger log;
  private final String about;
  private final Set<String> told = new HashSet<>();

  Warnings(System.Logger log, String about) {
    this.log = log;
    this.about = about;
  }

  void tell(String warning) {
    if (told.size() < MAX_TOLD && told.add(warning)) {
      log.log(System.Logger.Level.WARNING, "left out {0} why=\"{1}\"", about, warning);
    }
  }
}
