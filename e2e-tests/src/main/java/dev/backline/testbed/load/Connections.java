package dev.backline.testbed.load;

import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Request;
import dev.backline.testbed.http.Address;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The load's connections: as many kept as the plan says, spread over all targets, more while all of
 * those are busy. Used in turn, so that each carries traffic. A connection that can't be made to
 * one target is made to the next. Everything happens on the load's event loop.
 */
final class Connections {
  private static final int MAX_OPEN = 2_000;
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

  private final Vertx vertx;
  private final Load.Plan plan;
  private final Clock clock;
  private final Consumer<Request> records;
  private final NetClient client;
  private final Deque<Connection> idle = new ArrayDeque<>();
  private final Set<Call> connecting = new HashSet<>();
  private final List<Address> targets;
  private int turn;
  private int open;
  private int made;
  private volatile int idleCloses;
  private volatile int unaskedAnswers;

  Connections(Vertx vertx, Load.Plan plan, Clock clock, Consumer<Request> records) {
    this.vertx = vertx;
    this.plan = plan;
    this.clock = clock;
    this.records = records;
    targets = new ArrayList<>(plan.targets());
    client =
        vertx.createNetClient(
            new NetClientOptions()
                .setTcpNoDelay(true)
                .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                .setReconnectAttempts(0));
  }

  /** Opens all that are to be kept; fails with the first that can't be opened. */
  CompletableFuture<Integer> openAll() {
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < plan.connections(); i++) {
      all.add(keepOne(inTurn()));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(nothing -> all.size());
  }

  /**
   * One more target, as new clients learn of a new address of the name: its share of the kept
   * connections is opened there, and as many others are closed when they are idle.
   */
  CompletableFuture<Integer> add(Address target) {
    targets.add(target);
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < plan.connections() / targets.size(); i++) {
      all.add(keepOne(List.of(target)));
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(nothing -> all.size());
  }

  private CompletableFuture<Connection> keepOne(List<Address> order) {
    return connect(order).onSuccess(idle::addLast).toCompletionStage().toCompletableFuture();
  }

  /** Sends on an idle connection, or on a new one. */
  void send(Call call) {
    Connection connection = idle.pollFirst();
    if (connection != null) {
      connection.carry(call);
    } else if (open < MAX_OPEN) {
      connect(call);
    } else {
      String detail = open + " connections are open, all busy";
      records.accept(call.unsent(Fate.UNSENT, clock.micros(), detail));
    }
  }

  int idleClosesUnannounced() {
    return idleCloses;
  }

  int unaskedAnswers() {
    return unaskedAnswers;
  }

  /** Something came on a connection that carried no request. */
  void unasked() {
    int answers = unaskedAnswers + 1;
    unaskedAnswers = answers;
  }

  /** A connection is free for the next request. */
  void release(Connection connection) {
    if (open > plan.connections()) {
      connection.close();
    } else {
      idle.addLast(connection);
    }
  }

  /** A connection is gone; it was idle and closed by the other side if {@code unannounced}. */
  void gone(Connection connection, boolean unannounced) {
    open--;
    idle.remove(connection);
    if (unannounced) {
      int closes = idleCloses + 1;
      idleCloses = closes;
    }
  }

  private void connect(Call call) {
    connecting.add(call);
    long timer =
        vertx.setTimer(plan.patience().toMillis(), late -> notConnected(call, "timed out"));
    connect(inTurn())
        .onSuccess(
            connection -> {
              vertx.cancelTimer(timer);
              if (connecting.remove(call)) {
                connection.carry(call);
              } else {
                release(connection);
              }
            })
        .onFailure(
            failure -> {
              vertx.cancelTimer(timer);
              failed(call, failure);
            });
  }

  private void failed(Call call, Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    // Netty has one class for refused and unreachable, and a subclass for the timeout.
    if (failure instanceof ConnectException && message.contains("refused")) {
      if (connecting.remove(call)) {
        records.accept(call.unsent(Fate.REFUSED, clock.micros(), ""));
      }
    } else {
      notConnected(call, message);
    }
  }

  private void notConnected(Call call, String why) {
    if (connecting.remove(call)) {
      records.accept(call.unsent(Fate.NOT_CONNECTED, clock.micros(), why));
    }
  }

  /** All targets, each time another one first. */
  private List<Address> inTurn() {
    List<Address> order = new ArrayList<>(targets);
    Collections.rotate(order, -turn++ % order.size());
    return order;
  }

  /** Connects to the first that lets us; fails as the last does. */
  private Future<Connection> connect(List<Address> order) {
    Address target = order.get(0);
    List<Address> others = order.subList(1, order.size());
    open++;
    return client
        .connect(target.port(), target.host())
        .map(socket -> new Connection(this, vertx, plan, clock, records, socket, target, ++made))
        .recover(
            failure -> {
              open--;
              return others.isEmpty() ? Future.failedFuture(failure) : connect(others);
            });
  }
}
