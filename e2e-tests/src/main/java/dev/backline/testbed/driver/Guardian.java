package dev.backline.testbed.driver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A small shell process that outlives the testbed by a moment, to end its children.
 *
 * <p>Children end by themselves when their standard input does. A paused one can't see that: it
 * would stay for ever. So the guardian holds a pipe too; when that ends, whatever killed the
 * testbed, it kills what it guards, paused or not. It gives no time to end in order: who wants that
 * ends the testbed in order. Children that ended are released at once, so that a recycled process
 * id is never hit. At last it takes away the chain of firewall rules, if the testbed made one; it
 * tries five times, and says so if the chain is still there.
 */
final class Guardian implements AutoCloseable {
  static final String SCRIPT =
      """
      take_away() {
        while iptables -w 5 -D OUTPUT -j "$chain"; do :; done
        iptables -w 5 -F "$chain"
        iptables -w 5 -X "$chain"
        iptables -w 5 -S "$chain"
        [ $? -eq 1 ]
      } >/dev/null 2>&1
      trap '' INT HUP TERM
      pids=' '
      chain=
      while read -r word what; do
        case $word in
          guard) pids="$pids$what " ;;
          release)
            case $pids in
              *" $what "*) pids="${pids%% $what *} ${pids#* $what }" ;;
            esac ;;
          chain) chain=$what ;;
        esac
      done
      for pid in $pids; do kill -KILL "$pid" 2>/dev/null; done
      [ -n "$chain" ] || exit 0
      for try in 1 2 3 4 5; do
        take_away && exit 0
        sleep 1
      done
      echo "firewall rules could not be taken away: chain $chain, see: iptables -S" >&2
      exit 1
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
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    } catch (IOException e) {
      throw new TestbedException("cannot start a shell to guard the children", e);
    }
  }

  void guard(long pid) throws TestbedException {
    order("guard", Long.toString(pid));
  }

  /** Forgets a child that has ended. */
  void release(long pid) {
    try {
      order("release", Long.toString(pid));
    } catch (TestbedException e) {
      // The guardian ends with the testbed, maybe before the last child: nothing to forget then.
      process.destroy();
    }
  }

  /** Has it take a chain of firewall rules away at the end, made or not. */
  void guardChain(String chain) throws TestbedException {
    order("chain", chain);
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

  private synchronized void order(String word, String what) throws TestbedException {
    try {
      orders.write((word + " " + what + "\n").getBytes(StandardCharsets.US_ASCII));
      orders.flush();
    } catch (IOException e) {
      throw new TestbedException("the guardian of the children is gone", e);
    }
  }
}
