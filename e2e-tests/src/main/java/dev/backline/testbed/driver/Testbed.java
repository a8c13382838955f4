package dev.backline.testbed.driver;

import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Ledger;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.http.Address;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * Running balancers and their backends, to be broken and healed: nodes are named {@code
 * balancer-1}, {@code backend-1} and so on. An unknown name is answered with the candidates.
 *
 * <p>All methods block until what they say is done, may be called from any thread, and take turns.
 */
public interface Testbed extends AutoCloseable {

  /** All nodes, the ended ones too, in the order in which they were added. */
  List<Node> nodes();

  /** Where clients connect: one address a balancer, the ended ones too, in their order. */
  List<Address> listeners();

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

  /** Starts one more backend and lists it in all balancers' configurations; returns its name. */
  String addBackend() throws TestbedException;

  /** Starts one more balancer, a member of the others' cluster; returns its name. */
  String addBalancer() throws TestbedException;

  /**
   * Takes a node out for good: a backend is taken out of the configurations, then stopped; a
   * balancer is stopped. The last of its kind stays.
   */
  void remove(String name) throws TestbedException;

  /**
   * Why the links between nodes can't be broken here, in words; empty if they can. Then {@link
   * #cut} and {@link #isolate} fail with these words.
   */
  Optional<String> whyNoLinkFaults();

  /** Has all packets between a balancer and a backend vanish, and nobody else's. */
  void cut(String balancer, String backend) throws TestbedException;

  /** Undoes {@link #cut}. */
  void mend(String balancer, String backend) throws TestbedException;

  /** Has all packets between a balancer and the other members vanish; clients and backends stay. */
  void isolate(String balancer) throws TestbedException;

  /** Undoes {@link #isolate}. */
  void rejoin(String balancer) throws TestbedException;

  /** Sets a fault of the sample backend: {@code delay, status, hang, close}. */
  void setFault(String backend, String fault, JsonObject parameters) throws TestbedException;

  void clearFault(String backend, String fault) throws TestbedException;

  /** What a balancer sees. */
  PoolStatus status(String balancer) throws TestbedException;

  /** What a balancer was told lately, to be replayed: lines of JSON. */
  String incident(String balancer) throws TestbedException;

  /** The name of the node that calls itself so in its answers. */
  default String nodeOf(String instance) {
    return instance;
  }

  /** Whether a balancer says that it is ready; false also if it doesn't answer. */
  boolean ready(String balancer) throws TestbedException;

  /** One ledger a backend, removed backends too, over all their starts. */
  List<Ledger> ledgers() throws TestbedException;

  /** The lines that the balancers have written so far, removed ones too, each with its member. */
  List<Exchange> accessLog() throws TestbedException;

  /** What the testbed did and saw so far, in the order of time. */
  List<Moment> moments();

  /** Ends all in order: the balancers first, then the backends. */
  void stopAll() throws TestbedException;

  /** Ends at once whatever still runs. */
  @Override
  void close();
}
