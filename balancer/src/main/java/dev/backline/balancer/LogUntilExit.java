package dev.backline.balancer;

import java.util.logging.LogManager;

/**
 * A log manager that goes on while the shutdown hook works: the JDK's own closes all handlers in a
 * hook that runs beside ours, and the end of a drain would go unheard.
 */
public final class LogUntilExit extends LogManager {
  @Override
  public void reset() {
    // Nothing: the process ends by halt, and the handlers write to standard error.
  }
}
