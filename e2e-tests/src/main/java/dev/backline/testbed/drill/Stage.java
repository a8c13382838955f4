package dev.backline.testbed.drill;

import dev.backline.testbed.driver.BusyLoops;
import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.load.Clock;
import dev.backline.testbed.load.Load;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * What the steps of a drill may touch, and where they write down what they did. When it is closed,
 * the machine is as it was.
 */
public final class Stage implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration UNREADY_LIMIT = Duration.ofSeconds(10);

  private final Testbed testbed;
  private final Load load;
  private final Clock clock;
  private final List<Moment> moments = new ArrayList<>();
  private final BusyLoops busyLoops = new BusyLoops();

  Stage(Testbed testbed, Load load, Clock clock) {
    this.testbed = testbed;
    this.load = load;
    this.clock = clock;
  }

  /** Something that is done to the testbed. */
  interface Deed {
    void to(Testbed testbed) throws TestbedException;
  }

  /** Breaks something; the moment spans the call. */
  void fault(String subject, String text, Deed deed) throws TestbedException {
    perform(Moment.Kind.FAULT, subject, text, deed);
  }

  /** Undoes it; the moment spans the call. */
  void heal(String subject, String text, Deed deed) throws TestbedException {
    perform(Moment.Kind.HEAL, subject, text, deed);
  }

  /** Waits until a balancer says that it is not ready, asking as often as a front would. */
  void awaitUnready(String balancer) throws TestbedException {
    Patience patience = new Patience(UNREADY_LIMIT, POLL);
    while (testbed.ready(balancer)) {
      patience.orElse(balancer + " still says that it is ready");
    }
    moment(Moment.Kind.READINESS, balancer, "not ready");
  }

  /** Clients learn the address of the balancer that was added last. */
  void loadNewest() throws TestbedException {
    List<Address> listeners = testbed.listeners();
    try {
      load.add(listeners.get(listeners.size() - 1));
    } catch (IOException e) {
      throw new TestbedException("the load can't reach the balancer that was added", e);
    }
  }

  void letPass(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  /** Waits until each balancer hears all others, for so long at most: the checkers judge. */
  void awaitAllHeard(Duration limit) throws TestbedException {
    Patience patience = new Patience(limit, POLL);
    while (!patience.spent() && !Members.hearEachOther(testbed)) {
      patience.pause();
    }
  }

  /** Has so many processes of the testbed's take all the processor time that they get. */
  void starve(int loops) throws TestbedException {
    fault("machine", loops + " busy loops", testbed -> busyLoops.start(loops));
  }

  /** Ends them all. */
  void feed() throws TestbedException {
    heal("machine", "no busy loops", testbed -> busyLoops.end());
  }

  void stopLoad() {
    load.stop();
    moment(Moment.Kind.LOAD_STOPPED, "load", "");
  }

  Testbed testbed() {
    return testbed;
  }

  void moment(Moment.Kind kind, String subject, String text) {
    long now = clock.micros();
    moments.add(new Moment(kind, subject, now, now, text));
  }

  List<Moment> moments() {
    return List.copyOf(moments);
  }

  @Override
  public void close() {
    busyLoops.close();
  }

  private void perform(Moment.Kind kind, String subject, String text, Deed deed)
      throws TestbedException {
    long from = clock.micros();
    deed.to(testbed);
    moments.add(new Moment(kind, subject, from, clock.micros(), text));
  }
}
