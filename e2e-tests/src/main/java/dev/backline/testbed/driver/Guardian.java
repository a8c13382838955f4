package dev.backline.testbed.driver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A small shell process that outlives the testbed by a moment, to end its children.
 *
 * <p>Children end by themselves when their standard input does. A paused one can't see that: it
 * would stay for ever. So the guardian holds a pipe too; when that ends, whatever killed the
 * testbed, it lets paused children go on, gives all of them 3 s to end, and kills the rest.
 * Children that ended are released at once, so that a recycled process id is never hit.
 */
final class Guardian implements AutoCloseable {
  private static final String SCRIPT =
      """
      trap '' INT HUP TERM
      pids=' '
      while read -r word pid; do
        case $word in
          guard) pids="$pids$pid " ;;
          release)
            case $pids in
              *" $pid "*) pids="${pids%% $pid *} ${pids#* $pid }" ;;
            esac ;;
        esac
      done
      for pid in $pids; do kill -CONT "$pid"; done
      tries=30
      while [ $tries -gt 0 ]; do
        left=
        for pid in $pids; do
          if kill -0 "$pid"; then left=1; fi
        done
        if [ -z "$left" ]; then exit 0; fi
        sleep 0.1
        tries=$((tries - 1))
      done
      for pid in $pids; do kill -KILL "$pid"; done
      """;

  private final Process process;
  private final OutputStream orders;

  private Guardian(Process process) {
    this.process = process;
    orders = process.getOutputStream();
  }

  static Guardian start() throws TestbedException {
    try {
      return new Guardian(
          new ProcessBuilder("sh", "-c", SCRIPT)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new TestbedException("cannot start a shell to guard the children", e);
    }
  }

  void guard(long pid) throws TestbedException {
    order("guard", pid);
  }

  /** Forgets a child that has ended. */
  void release(long pid) {
    try {
      order("release", pid);
    } catch (TestbedException e) {
      // The guardian ends with the testbed, maybe before the last child: nothing to forget then.
      process.destroy();
    }
  }

  long pid() {
    return process.pid();
  }

  /** Ends what is still guarded; returns without waiting for it. */
  @Override
  public void close() {
    try {
      orders.close();
    } catch (IOException e) {
      // It is gone already, and with it the pipe.
      process.destroyForcibly();
    }
  }

  private synchronized void order(String word, long pid) throws TestbedException {
    try {
      orders.write((word + " " + pid + "\n").getBytes(StandardCharsets.US_ASCII));
      orders.flush();
    } catch (IOException e) {
      throw new TestbedException("the guardian of the children is gone", e);
    }
  }
}
