package dev.backline.balancer.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/**
 * Carries bytes both ways after a connection was upgraded (RFC 9110, 7.8), with back-pressure,
 * until either side ends. Owned by the exchange's event loop.
 */
final class UpgradeTunnel {
  private final NetSocket client;
  private final NetSocket backend;
  private final Runnable whenOver;
  private long bytesIn;
  private long bytesOut;
  private boolean over;

  /**
   * Begins to carry.
   *
   * @param backend paused
   * @param whenOver runs once, when both sides are closed or being closed
   */
  UpgradeTunnel(NetSocket client, NetSocket backend, Runnable whenOver) {
    this.client = client;
    this.backend = backend;
    this.whenOver = whenOver;
    carry(client, backend);
    carry(backend, client);
    backend.resume();
  }

  /** Returns how many bytes the client has sent since the upgrade. */
  long bytesIn() {
    return bytesIn;
  }

  /** Returns how many bytes the backend has sent since the upgrade. */
  long bytesOut() {
    return bytesOut;
  }

  private void carry(NetSocket from, NetSocket to) {
    // Not its close: that is told before the last bytes, where those wait for the other side.
    from.endHandler(v -> to.end().onComplete(done -> end()));
    from.exceptionHandler(e -> to.end().onComplete(done -> end()));
    from.handler(
        chunk -> {
          count(from, chunk);
          to.write(chunk).onFailure(e -> {}); // Its end is told, after what it had to say.
          if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(v -> from.resume());
          }
        });
  }

  private void count(NetSocket from, Buffer chunk) {
    if (from == client) {
      bytesIn += chunk.length();
    } else {
      bytesOut += chunk.length();
    }
  }

  private void end() {
    if (over) {
      return;
    }
    over = true;
    client.close();
    backend.close();
    whenOver.run();
  }
}
