package dev.backline.balancer;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The log on standard error: a line for each change, with its time, its level and its words. */
final class LogFormat extends Formatter {
  /** Kept: java.util.logging forgets the levels of loggers that nobody refers to. */
  private static final Logger CONNECTIONS =
      Logger.getLogger("io.vertx.core.net.impl.ConnectionBase");

  private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast");

  private static final Logger ACCEPTING = Logger.getLogger("io.netty.bootstrap.ServerBootstrap");

  /** Has all handlers write in this format. */
  static void install() {
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      handler.setFormatter(new LogFormat());
    }
    // Vert.x logs each connection that breaks; here that is an outcome, not an error.
    CONNECTIONS.setLevel(Level.OFF);
    // Netty logs, with a stack, each connection that is accepted while the listeners close.
    ACCEPTING.setLevel(Level.OFF);
    // Hazelcast tells each step of each connection; what matters of it is told in our words.
    HAZELCAST.setLevel(Level.WARNING);
  }

  @Override
  public String format(LogRecord record) {
    StringBuilder line = new StringBuilder();
    line.append(Instant.ofEpochMilli(record.getMillis()).truncatedTo(ChronoUnit.MILLIS));
    line.append(' ').append(record.getLevel().getName()).append(' ');
    line.append(formatMessage(record)).append('\n');
    for (Throwable t = record.getThrown(); t != null; t = t.getCause()) {
      line.append("  ").append(t).append('\n');
      for (StackTraceElement frame : t.getStackTrace()) {
        line.append("    at ").append(frame).append('\n');
      }
    }
    return line.toString();
  }
}
