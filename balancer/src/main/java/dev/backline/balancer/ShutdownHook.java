package dev.backline.balancer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Ends the process in order, and with exit code 0, on SIGTERM, SIGINT or the end of standard input.
 *
 * <p>The JVM's own code after a signal is 143, which supervisors take for a failure: the hook halts
 * with 0 when its work is done.
 */
final class ShutdownHook {
  private final Balancer balancer;
  private final Thread thread = new Thread(this::stop, "shutdown");

  ShutdownHook(Balancer balancer) {
    this.balancer = balancer;
  }

  void install() {
    Runtime.getRuntime().addShutdownHook(thread);
  }

  /** Leaves the exit code to others; once a signal has come it stays as it is. */
  void remove() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      // It runs already, and nothing that listens was left over.
    }
  }

  /** Exits when standard input ends: a parent that died by whatever means has closed it. */
  static void exitWithStdin() {
    Thread watcher =
        new Thread(
            () -> {
              drain(System.in);
              System.exit(Main.OK);
            },
            "stdin-watcher");
    watcher.setDaemon(true);
    watcher.start();
  }

  private static void drain(InputStream in) {
    try {
      in.transferTo(OutputStream.nullOutputStream()); // What is written there has no meaning.
    } catch (IOException e) {
      // A standard input that can't be read has ended too.
      System.err.println("standard input: " + e.getMessage());
    }
  }

  private void stop() {
    int code = Main.OK;
    try {
      balancer.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      code = Main.UNEXPECTED;
    }
    // Nothing is flushed here: where nobody reads standard output, that would never end.
    Runtime.getRuntime().halt(code);
  }
}
