package dev.backline.balancer;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the log of what tests provoke out of the build's: they look at outcomes. */
final class QuietLogs {
  private static final List<Logger> QUIET =
      List.of(
          Logger.getLogger("dev.backline.balancer"),
          Logger.getLogger("io.vertx.core.net.impl.ConnectionBase"));

  private QuietLogs() {}

  static void install() {
    QUIET.forEach(logger -> logger.setLevel(Level.OFF));
  }
}
