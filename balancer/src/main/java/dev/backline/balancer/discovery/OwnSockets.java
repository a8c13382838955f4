package dev.backline.balancer.discovery;

import dev.backline.balancer.control.OwnAddresses;
import dev.backline.balancer.control.OwnLookup;
import dev.backline.balancer.model.IpAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Where this member listens, and the addresses of its machine as they are now. */
public final class OwnSockets implements OwnLookup {
  private final Vertx vertx;
  private final Supplier<List<OwnAddresses.Socket>> own;

  /**
   * Creates it.
   *
   * @param own where this member listens, as far as that is known
   */
  public OwnSockets(Vertx vertx, Supplier<List<OwnAddresses.Socket>> own) {
    this.vertx = vertx;
    this.own = own;
  }

  @Override
  public CompletionStage<OwnAddresses> on(int port) {
    return future(port).toCompletionStage();
  }

  /** The machine's addresses are asked for only if one of them could be a loop. */
  Future<OwnAddresses> future(int port) {
    List<OwnAddresses.Socket> sockets =
        own.get().stream().filter(socket -> socket.port() == port).toList();
    if (sockets.isEmpty()) {
      return Future.succeededFuture(OwnAddresses.NONE);
    }
    Future<List<IpAddress>> machine =
        vertx.executeBlocking(SystemFiles::machineAddresses, /* ordered= */ false);
    return machine.map(addresses -> new OwnAddresses(sockets, addresses));
  }
}
