package dev.backline.testbed.driver;

import dev.backline.testbed.driver.Node.Role;
import dev.backline.testbed.driver.Node.State;
import dev.backline.testbed.driver.TestbedException.Cause;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Ledger;
import dev.backline.testbed.history.LedgerEntry;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.http.Address;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A testbed of processes on this machine: balancers and their backends as children of this process,
 * guarded so that none outlives it.
 *
 * <p>Owns the balancers' configuration files and knows which node is in them. Methods that change
 * something take turns; those that only look don't wait for them.
 */
public final class ProcessTestbed implements Testbed {
  private final Setup setup;
  private final FaultClient faults = new FaultClient();
  private final LinkFaults links;
  private final Processes processes;
  private final Moments moments;
  private final Slots slots;

  private ProcessTestbed(Setup setup, Guardian guardian) {
    this.setup = setup;
    slots = new Slots(setup);
    moments = new Moments(setup.clock());
    Optional<String> whyNoLinkFaults =
        setup.topology().balancers() == 1
            ? Optional.of("one balancer alone has no links to break")
            : LinkFaults.tryOut();
    links = new LinkFaults(whyNoLinkFaults, guardian);
    processes = new Processes(setup, guardian, links, moments);
  }

  /** Why links can't be broken on this machine, in words; empty if they can. */
  public static Optional<String> whyLinksStay() {
    return LinkFaults.tryOut();
  }

  /** Starts backends and balancers; returns when all have said that they are ready. */
  public static ProcessTestbed start(Setup setup) throws TestbedException {
    Directory.makeEmpty(setup.directory());
    ProcessTestbed testbed = new ProcessTestbed(setup, Guardian.start());
    try {
      testbed.startAll();
      return testbed;
    } catch (TestbedException | RuntimeException e) {
      testbed.close();
      throw e;
    }
  }

  @Override
  public List<Node> nodes() {
    return slots.all().map(Slot::node).toList();
  }

  @Override
  public List<Address> listeners() {
    return slots.balancers().map(Slot::address).toList();
  }

  @Override
  public synchronized void kill(String name) throws TestbedException {
    processes.kill(slots.alive(name));
  }

  @Override
  public synchronized void pause(String name) throws TestbedException {
    Slot slot = slots.alive(name);
    if (slot.state() == State.PAUSED) {
      throw wrong(name + " is paused already; let it go on with: ./backline resume " + name);
    }
    processes.pause(slot);
  }

  @Override
  public synchronized void resume(String name) throws TestbedException {
    Slot slot = slots.alive(name);
    if (slot.state() != State.PAUSED) {
      throw wrong(name + " is not paused");
    }
    processes.resume(slot);
  }

  @Override
  public synchronized void stop(String name) throws TestbedException {
    askToStop(name);
    awaitEnd(name);
  }

  @Override
  public synchronized void askToStop(String name) throws TestbedException {
    processes.terminate(slots.alive(name));
  }

  @Override
  public synchronized void awaitEnd(String name) throws TestbedException {
    processes.awaitEnd(slots.named(name));
  }

  @Override
  public synchronized void start(String name) throws TestbedException {
    Slot slot = slots.named(name);
    if (slot.state() != State.ENDED) {
      throw wrong(name + " is running already");
    }
    if (slot instanceof BalancerSlot balancer) {
      launch(balancer);
      processes.awaitBalancer(balancer);
    } else if (slot instanceof BackendSlot backend) {
      processes.launchBackend(backend);
      awaitBackend(backend);
    } else {
      throw new AssertionError(slot);
    }
  }

  @Override
  public synchronized String addBackend() throws TestbedException {
    BackendSlot slot = slots.newBackend();
    processes.launchBackend(slot);
    awaitBackend(slot);
    slots.add(slot);
    try {
      reload();
    } catch (TestbedException e) {
      slots.takeOut(slot);
      processes.kill(slot);
      writeConfigurations();
      throw e;
    }
    moments.record(Moment.Kind.LISTED, slot.name, "at " + slot.address());
    return slot.name;
  }

  @Override
  public synchronized String addBalancer() throws TestbedException {
    BalancerSlot slot = slots.newBalancer();
    try {
      launch(slot);
      processes.awaitBalancer(slot);
    } catch (TestbedException e) {
      if (slot.state() != State.ENDED) {
        processes.kill(slot);
      }
      throw e;
    }
    slots.add(slot);
    return slot.name;
  }

  @Override
  public synchronized void remove(String name) throws TestbedException {
    Slot slot = slots.named(name);
    if (slots.all().filter(other -> other.role() == slot.role()).count() == 1) {
      throw wrong(name + " is the last of its kind (expected: one stays)");
    }
    slots.takeOut(slot);
    if (slot.role() == Role.BACKEND) {
      long from = moments.now();
      reload();
      moments.record(Moment.Kind.UNLISTED, name, from, "at " + slot.address());
    }
    if (slot.state() != State.ENDED) {
      processes.terminate(slot);
      processes.awaitEnd(slot);
    }
    if (slot instanceof BalancerSlot balancer) {
      Directory.delete(balancer.configuration());
    }
  }

  @Override
  public Optional<String> whyNoLinkFaults() {
    return links.whyNot();
  }

  @Override
  public synchronized void cut(String balancer, String backend) throws TestbedException {
    links.cut(slots.balancer(balancer).number, slots.named(backend).address());
  }

  @Override
  public synchronized void mend(String balancer, String backend) throws TestbedException {
    links.mend(slots.balancer(balancer).number, slots.named(backend).address());
  }

  @Override
  public synchronized void isolate(String balancer) throws TestbedException {
    BalancerSlot slot = slots.balancer(balancer);
    List<Address> others = new ArrayList<>(slots.members());
    others.remove(slot.member());
    links.isolate(slot.number, slot.member(), others);
  }

  @Override
  public synchronized void rejoin(String balancer) throws TestbedException {
    links.rejoin(slots.balancer(balancer).number);
  }

  @Override
  public void setFault(String backend, String fault, JsonObject parameters)
      throws TestbedException {
    faults.set(slots.named(backend).address(), fault, parameters);
  }

  @Override
  public void clearFault(String backend, String fault) throws TestbedException {
    faults.clear(slots.named(backend).address(), fault);
  }

  @Override
  public PoolStatus status(String balancer) throws TestbedException {
    BalancerSlot slot = slots.balancer(balancer);
    return slot.client.status(slot.admin());
  }

  @Override
  public String incident(String balancer) throws TestbedException {
    BalancerSlot slot = slots.balancer(balancer);
    return slot.client.incident(slot.admin());
  }

  @Override
  public boolean ready(String balancer) throws TestbedException {
    BalancerSlot slot = slots.balancer(balancer);
    return slot.client.ready(slot.admin());
  }

  @Override
  public List<Ledger> ledgers() throws TestbedException {
    List<Ledger> ledgers = new ArrayList<>();
    for (Slot slot : slots.ever().toList()) {
      if (slot instanceof BackendSlot backend) {
        List<LedgerEntry> entries = new ArrayList<>();
        for (Path file : backend.ledgers) {
          entries.addAll(JsonLines.read(file, LedgerEntry::fromJson));
        }
        ledgers.add(new Ledger(slot.name, entries));
      }
    }
    return ledgers;
  }

  @Override
  public List<Exchange> accessLog() throws TestbedException {
    List<Exchange> lines = new ArrayList<>();
    for (Slot slot : slots.ever().toList()) {
      if (slot instanceof BalancerSlot balancer) {
        lines.addAll(
            JsonLines.read(balancer.accessLog(), json -> Exchange.fromJson(balancer.name, json)));
      }
    }
    return lines;
  }

  @Override
  public List<Moment> moments() {
    return moments.soFar();
  }

  @Override
  public synchronized void stopAll() throws TestbedException {
    stopAll(Role.BALANCER);
    stopAll(Role.BACKEND);
  }

  @Override
  public synchronized void close() {
    processes.close();
  }

  private void startAll() throws TestbedException {
    if (setup.topology().balancers() > 1) {
      SecretFile.write(setup.directory().resolve(BalancerFile.SECRET_FILE));
    }
    slots.addBalancers();
    for (int i = 0; i < setup.topology().backends(); i++) {
      BackendSlot slot = slots.newBackend();
      slots.add(slot);
      processes.launchBackend(slot);
    }
    for (BackendSlot backend : slots.backends().toList()) {
      awaitBackend(backend);
    }
    for (BalancerSlot balancer : slots.balancers().toList()) {
      launch(balancer);
    }
    for (BalancerSlot balancer : slots.balancers().toList()) {
      processes.awaitBalancer(balancer);
    }
  }

  private void awaitBackend(BackendSlot slot) throws TestbedException {
    processes.awaitBackend(slot);
    if (setup.serviceTime().millis() > 0) {
      faults.set(slot.address(), "delay", setup.serviceTime().parameters());
    }
  }

  private void launch(BalancerSlot slot) throws TestbedException {
    slot.writeToStart(slots.listed());
    processes.launchBalancer(slot);
  }

  private void stopAll(Role role) throws TestbedException {
    List<Slot> running =
        slots.all().filter(s -> s.role() == role && s.state() != State.ENDED).toList();
    for (Slot slot : running) {
      processes.terminate(slot);
    }
    for (Slot slot : running) {
      processes.awaitEnd(slot);
      setup.progress().accept(slot.name + " ended");
    }
  }

  private void reload() throws TestbedException {
    writeConfigurations();
    for (BalancerSlot balancer : slots.balancers().toList()) {
      if (balancer.state() != State.ENDED) {
        balancer.client.reload(balancer.admin());
      }
    }
  }

  private void writeConfigurations() throws TestbedException {
    for (BalancerSlot balancer : slots.balancers().toList()) {
      balancer.write(slots.listed());
    }
  }

  private static TestbedException wrong(String message) {
    return new TestbedException(Cause.WRONG_COMMAND, message);
  }
}
