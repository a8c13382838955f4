package dev.backline.testbed.driver;

import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Ledger;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.http.Address;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * A running balancer and its backends, to be broken and healed: nodes are named {@code balancer-1},
 * {@code backend-1} and so on. An unknown name is answered with the candidates.
 *
 * <p>All methods block until what they say is done, may be called from any thread, and take turns.
 */
public interface Testbed extends AutoCloseable {

  /** All nodes, the ended ones too, in the order in which they were added. */
  List<Node> nodes();

  /** Where clients connect. */
  Address listener();

  /** Where the balancer's admin API is. */
  Address admin();

  /** Ends a node as a crash does. */
  void kill(String name) throws TestbedException;

  /** Makes a node stand still: its connections stay open, nothing answers. */
  void pause(String name) throws TestbedException;

  /** Lets a paused node go on. */
  void resume(String name) throws TestbedException;

  /** Tells a node to end in order, and waits until it has. */
  void stop(String name) throws TestbedException;

  /** Tells a node to end in order, and does not wait. */
  void askToStop(String name) throws TestbedException;

  /** Waits until a node that was told to stop has ended. */
  void awaitEnd(String name) throws TestbedException;

  /** Starts a node that has ended, on its old address. */
  void start(String name) throws TestbedException;

  /** Starts one more backend and lists it in the balancer's configuration; returns its name. */
  String add() throws TestbedException;

  /** Takes a backend out of the balancer's configuration, then stops it. */
  void remove(String name) throws TestbedException;

  /** Sets a fault of the sample backend: {@code delay, status, hang, close}. */
  void setFault(String backend, String fault, JsonObject parameters) throws TestbedException;

  void clearFault(String backend, String fault) throws TestbedException;

  PoolStatus status() throws TestbedException;

  /** The name of the node that calls itself so in its answers. */
  default String nodeOf(String instance) {
    return instance;
  }

  /** Whether the balancer says that it is ready; false also if it doesn't answer. */
  boolean ready();

  /** One ledger a backend, removed backends too, over all their starts. */
  List<Ledger> ledgers() throws TestbedException;

  /** The lines that the balancer has written so far. */
  List<Exchange> accessLog() throws TestbedException;

  /** What the testbed did and saw so far, in the order of time. */
  List<Moment> moments();

  /** Ends all in order: the balancer first, then the backends. */
  void stopAll() throws TestbedException;

  /** Ends at once whatever still runs. */
  @Override
  void close();
}
