package dev.backline.sample;

import java.util.logging.LogManager;

/**
 * A log manager that goes on logging while the process shuts down.
 *
 * <p>The JDK's own takes all handlers away in a shutdown hook that runs beside ours, so that the
 * lines about the drain would be lost. Named in a system property by {@link Main}, before the first
 * logger is made.
 */
public final class LastingLogManager extends LogManager {
  @Override
  public void reset() {
    // Handlers stay until the process halts; there is nothing to flush, stderr has no buffer.
  }
}
