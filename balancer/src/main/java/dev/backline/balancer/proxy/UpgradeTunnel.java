package dev.backline.balancer.proxy;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;

/**
 * Carries bytes both ways after a connection was upgraded (RFC 9110, 7.8), with back-pressure,
 * until either side ends; the other then gets what was said before. Owned by the exchange's event
 * loop.
 */
final class UpgradeTunnel {
  private static final long QUIET_MILLIS = 20;

  private final Vertx vertx;
  private final NetSocket client;
  private final NetSocket backend;
  private final Way in;
  private final Way out;
  private final Duration patience;
  private final Runnable cut;
  private final Runnable whenOver;
  private boolean ending;
  private long timer;
  private boolean over;

  /**
   * Begins to carry.
   *
   * @param backend paused
   * @param patience how long a side that doesn't read has for the rest, when the other has ended
   * @param whenHeard runs whenever bytes come from the backend
   * @param cut closes both connections at once; what is left unsent is lost
   * @param whenOver runs once, when both sides are closed or being closed
   */
  UpgradeTunnel(
      Vertx vertx,
      NetSocket client,
      NetSocket backend,
      Duration patience,
      Runnable whenHeard,
      Runnable cut,
      Runnable whenOver) {
    this.vertx = vertx;
    this.client = client;
    this.backend = backend;
    this.patience = patience;
    this.cut = cut;
    this.whenOver = whenOver;
    this.in = new Way(client, backend, () -> {});
    this.out = new Way(backend, client, whenHeard);
    // Else the stop of the member would cut it off at once, and not after what is in flight. As
    // long as there is one, it also keeps the socket from being closed by us.
    client.shutdownHandler(grace -> {});
    in.begin();
    out.begin();
    backend.resume();
  }

  /** Returns how many bytes the client has sent since the upgrade. */
  long bytesIn() {
    return in.bytes;
  }

  /** Returns how many bytes the backend has sent since the upgrade. */
  long bytesOut() {
    return out.bytes;
  }

  /** From one side to the other. */
  private final class Way {
    private final NetSocket from;
    private final NetSocket to;
    private final Runnable whenHeard;
    private long bytes;
    private boolean blocked;
    private boolean ended;

    Way(NetSocket from, NetSocket to, Runnable whenHeard) {
      this.from = from;
      this.to = to;
      this.whenHeard = whenHeard;
    }

    void begin() {
      // Not its close: that is told before the last bytes, where those wait for the other side.
      from.endHandler(v -> onEnd());
      from.exceptionHandler(e -> onEnd());
      from.handler(this::onChunk);
    }

    private void onChunk(Buffer chunk) {
      bytes += chunk.length();
      whenHeard.run();
      to.write(chunk).onFailure(e -> {}); // Its end is told, after what it had to say.
      if (to.writeQueueFull() && !blocked) {
        blocked = true;
        from.pause();
        to.drainHandler(v -> onDrained());
      }
    }

    private void onDrained() {
      blocked = false;
      from.resume();
      if (ended) {
        endWhenQuiet();
      }
    }

    private void onEnd() {
      if (!ended) {
        ended = true;
        onFirstEnd();
        endWhenQuiet();
      }
    }

    /**
     * What was read before the end, and waited for the other side, comes after it: from one queue
     * to the next, in turns of the event loop that nobody tells the number of.
     */
    private void endWhenQuiet() {
      long before = bytes;
      vertx.setTimer(
          QUIET_MILLIS,
          quiet -> {
            if (bytes > before && !blocked) {
              endWhenQuiet();
            } else if (!blocked && !over) {
              to.end().onComplete(done -> end());
            }
          });
    }
  }

  private void onFirstEnd() {
    if (!ending) {
      ending = true;
      client.shutdownHandler(null);
      timer = vertx.setTimer(patience.toMillis(), late -> onPatienceOver());
    }
  }

  private void onPatienceOver() {
    cut.run();
    end();
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    vertx.cancelTimer(timer);
    client.close();
    backend.close();
    whenOver.run();
  }
}
