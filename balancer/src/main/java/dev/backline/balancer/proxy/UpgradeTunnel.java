package dev.backline.balancer.proxy;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;

/**
 * Carries bytes both ways after a connection was upgraded (RFC 9110, 7.8), with back-pressure,
 * until either side ends. Owned by the exchange's event loop.
 */
final class UpgradeTunnel {
  /** Nothing for so long, neither way, ends it. */
  private static final Duration IDLE = Duration.ofHours(1);

  private final NetSocket client;
  private final NetSocket backend;
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
    carry(client, backend, whenOver);
    carry(backend, client, whenOver);
    allowToIdle(client);
    allowToIdle(backend);
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

  private void carry(NetSocket from, NetSocket to, Runnable whenOver) {
    // Not its close: that is told before the last bytes, where those wait for the other side.
    from.endHandler(v -> to.end().onComplete(done -> end(whenOver)));
    from.exceptionHandler(e -> to.end().onComplete(done -> end(whenOver)));
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

  private void end(Runnable whenOver) {
    if (over) {
      return;
    }
    over = true;
    client.close();
    backend.close();
    whenOver.run();
  }

  /** What was said for requests and answers is too short here. */
  private static void allowToIdle(NetSocket socket) {
    if (socket instanceof ConnectionBase connection) {
      ChannelPipeline pipeline = connection.channel().pipeline();
      if (pipeline.get("idle") != null) {
        pipeline.replace("idle", "idle", new IdleStateHandler(0, 0, (int) IDLE.toSeconds()));
      }
    }
  }
}
