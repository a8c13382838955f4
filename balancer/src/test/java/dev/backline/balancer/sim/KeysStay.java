package dev.backline.balancer.sim;

import dev.backline.balancer.balance.SelectionPolicy;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.proxy.LiveBackend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where a pool hashes, a client stays on its backend while nothing changes. */
final class KeysStay extends Steady {
  private static final int EXCHANGES = 300;

  private final Map<String, BackendId> homes = new LinkedHashMap<>();
  private int total;

  KeysStay(World world) {
    super(world, false);
  }

  @Override
  boolean concerns(SelectionPolicy selection) {
    return selection instanceof SelectionPolicy.Hash;
  }

  @Override
  void begin() {
    homes.clear();
    total = 0;
  }

  @Override
  void onSelected(
      SimulatedExchange exchange, SimulatedLoop loop, LiveBackend to, List<BackendId> tried) {
    boolean full = Others.isAnyFull(loop);
    if (!isSteady()
        || full
        || !tried.isEmpty()
        || !concerns(world.policy().balance().selection())) {
      return;
    }
    BackendId home = homes.putIfAbsent(exchange.head.clientAddress(), to.id());
    if (home != null && !home.equals(to.id())) {
      throw violation(
          "client %s moves from %s to %s (expected: stays)"
              .formatted(exchange.head.clientAddress(), home, to.id()));
    }
    if (++total == EXCHANGES) {
      done();
    }
  }
}
