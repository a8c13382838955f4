package dev.backline.balancer.proxy;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.uring.IoUringIoHandler;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;

/**
 * Which of Netty's transports the event loops run on.
 *
 * <p>Where a native one can't be loaded, as from a temporary folder mounted {@code noexec}, Vert.x
 * takes NIO without a word.
 */
public final class Transport {
  private Transport() {}

  /** Returns its name: {@code epoll}, {@code io_uring}, or {@code nio} and why no native one. */
  public static String of(Vertx vertx) {
    if (((VertxInternal) vertx).nettyEventLoopGroup() instanceof IoEventLoopGroup loops) {
      if (loops.isIoType(EpollIoHandler.class)) {
        return "epoll";
      }
      if (loops.isIoType(IoUringIoHandler.class)) {
        return "io_uring";
      }
    }
    Throwable why = vertx.unavailableNativeTransportCause();
    return why == null ? "nio" : "nio (" + why.getMessage() + ")";
  }
}
