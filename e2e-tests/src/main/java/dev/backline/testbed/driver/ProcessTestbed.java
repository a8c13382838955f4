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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
  private final List<Slot> slots = new CopyOnWriteArrayList<>();
  private final List<Slot> removed = new CopyOnWriteArrayList<>();
  private int highestBackend;
  private int highestBalancer;

  private ProcessTestbed(Setup setup, Guardian guardian) {
    this.setup = setup;
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
    return slots.stream().map(Slot::node).toList();
  }

  @Override
  public List<Address> listeners() {
    return balancers().map(Slot::address).toList();
  }

  @Override
  public synchronized void kill(String name) throws TestbedException {
    processes.kill(alive(name));
  }

  @Override
  public synchronized void pause(String name) throws TestbedException {
    Slot slot = alive(name);
    if (slot.state() == State.PAUSED) {
      throw wrong(name + " is paused already; let it go on with: ./backline resume " + name);
    }
    processes.pause(slot);
  }

  @Override
  public synchronized void resume(String name) throws TestbedException {
    Slot slot = alive(name);
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
    processes.terminate(alive(name));
  }

  @Override
  public synchronized void awaitEnd(String name) throws TestbedException {
    processes.awaitEnd(slot(name));
  }

  @Override
  public synchronized void start(String name) throws TestbedException {
    Slot slot = slot(name);
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
    if (highestBackend >= AddressPlan.MOST_BACKENDS) {
      throw wrong("there were " + highestBackend + " backends already (expected: fewer)");
    }
    BackendSlot slot = newBackend();
    processes.launchBackend(slot);
    awaitBackend(slot);
    slots.add(slot);
    try {
      reload();
    } catch (TestbedException e) {
      takeOut(slot);
      processes.kill(slot);
      writeConfigurations();
      throw e;
    }
    moments.record(Moment.Kind.LISTED, slot.name, "at " + slot.address());
    return slot.name;
  }

  @Override
  public synchronized String addBalancer() throws TestbedException {
    if (balancers().noneMatch(BalancerSlot::inCluster)) {
      throw wrong("balancer-1 is alone (expected: a testbed that began with two balancers)");
    }
    if (highestBalancer >= AddressPlan.MOST_BALANCERS) {
      throw wrong("there were " + highestBalancer + " balancers already (expected: fewer)");
    }
    int number = highestBalancer + 1;
    AddressPlan.BalancerAddresses addresses = setup.addresses().balancer(number);
    List<Address> members = new ArrayList<>(members());
    members.add(addresses.member());
    BalancerSlot slot = newBalancer(addresses, members);
    try {
      launch(slot);
      processes.awaitBalancer(slot);
    } catch (TestbedException e) {
      processes.kill(slot);
      throw e;
    }
    slots.add(slot);
    return slot.name;
  }

  @Override
  public synchronized void remove(String name) throws TestbedException {
    Slot slot = slot(name);
    if (slots.stream().filter(other -> other.role() == slot.role()).count() == 1) {
      throw wrong(name + " is the last of its kind (expected: one stays)");
    }
    takeOut(slot);
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
    links.cut(balancer(balancer).number, slot(backend).address());
  }

  @Override
  public synchronized void mend(String balancer, String backend) throws TestbedException {
    links.mend(balancer(balancer).number, slot(backend).address());
  }

  @Override
  public synchronized void isolate(String balancer) throws TestbedException {
    BalancerSlot slot = balancer(balancer);
    List<Address> others = new ArrayList<>(members());
    others.remove(slot.member());
    links.isolate(slot.number, slot.member(), others);
  }

  @Override
  public synchronized void rejoin(String balancer) throws TestbedException {
    links.rejoin(balancer(balancer).number);
  }

  @Override
  public void setFault(String backend, String fault, JsonObject parameters)
      throws TestbedException {
    faults.set(slot(backend).address(), fault, parameters);
  }

  @Override
  public void clearFault(String backend, String fault) throws TestbedException {
    faults.clear(slot(backend).address(), fault);
  }

  @Override
  public PoolStatus status(String balancer) throws TestbedException {
    BalancerSlot slot = balancer(balancer);
    return slot.client.status(slot.admin());
  }

  @Override
  public boolean ready(String balancer) throws TestbedException {
    BalancerSlot slot = balancer(balancer);
    return slot.client.ready(slot.admin());
  }

  @Override
  public List<Ledger> ledgers() throws TestbedException {
    List<Ledger> ledgers = new ArrayList<>();
    for (Slot slot : everySlot().toList()) {
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
    for (Slot slot : everySlot().toList()) {
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
    addBalancerSlots();
    for (int i = 0; i < setup.topology().backends(); i++) {
      BackendSlot slot = newBackend();
      slots.add(slot);
      processes.launchBackend(slot);
    }
    for (BackendSlot backend : backends().toList()) {
      awaitBackend(backend);
    }
    for (BalancerSlot balancer : balancers().toList()) {
      launch(balancer);
    }
    for (BalancerSlot balancer : balancers().toList()) {
      processes.awaitBalancer(balancer);
    }
  }

  private void addBalancerSlots() throws TestbedException {
    List<AddressPlan.BalancerAddresses> plan = new ArrayList<>();
    for (int n = 1; n <= setup.topology().balancers(); n++) {
      plan.add(setup.addresses().balancer(n));
    }
    List<Address> members =
        plan.size() == 1
            ? List.of()
            : plan.stream().map(AddressPlan.BalancerAddresses::member).toList();
    for (AddressPlan.BalancerAddresses addresses : plan) {
      slots.add(newBalancer(addresses, members));
    }
  }

  private BalancerSlot newBalancer(AddressPlan.BalancerAddresses addresses, List<Address> members)
      throws TestbedException {
    highestBalancer++;
    String name = BalancerSlot.name(highestBalancer);
    Path directory = setup.directory().resolve(name);
    Directory.makeEmpty(directory);
    return new BalancerSlot(
        highestBalancer,
        directory,
        addresses,
        members,
        setup.topology().probeIntervals().get(name));
  }

  private BackendSlot newBackend() {
    highestBackend++;
    return new BackendSlot("backend-" + highestBackend, setup.addresses().backend(highestBackend));
  }

  private void awaitBackend(BackendSlot slot) throws TestbedException {
    processes.awaitBackend(slot);
    if (setup.serviceTime().millis() > 0) {
      faults.set(slot.address(), "delay", setup.serviceTime().parameters());
    }
  }

  private void launch(BalancerSlot slot) throws TestbedException {
    slot.writeToStart(listed());
    processes.launchBalancer(slot);
  }

  private void takeOut(Slot slot) {
    slots.remove(slot);
    removed.add(slot);
  }

  private void stopAll(Role role) throws TestbedException {
    List<Slot> running =
        slots.stream().filter(s -> s.role() == role && s.state() != State.ENDED).toList();
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
    for (BalancerSlot balancer : balancers().toList()) {
      if (balancer.state() != State.ENDED) {
        balancer.client.reload(balancer.admin());
      }
    }
  }

  private void writeConfigurations() throws TestbedException {
    for (BalancerSlot balancer : balancers().toList()) {
      balancer.write(listed());
    }
  }

  private Map<String, Address> listed() {
    Map<String, Address> listed = new LinkedHashMap<>();
    backends().forEach(slot -> listed.put(slot.name, slot.address()));
    return listed;
  }

  private List<Address> members() {
    return balancers().map(BalancerSlot::member).toList();
  }

  private Stream<BalancerSlot> balancers() {
    return slots.stream().filter(BalancerSlot.class::isInstance).map(BalancerSlot.class::cast);
  }

  private Stream<BackendSlot> backends() {
    return slots.stream().filter(BackendSlot.class::isInstance).map(BackendSlot.class::cast);
  }

  private Stream<Slot> everySlot() {
    return Stream.concat(slots.stream(), removed.stream());
  }

  private BalancerSlot balancer(String name) throws TestbedException {
    if (slot(name) instanceof BalancerSlot balancer) {
      return balancer;
    }
    throw wrong(name + " is no balancer");
  }

  private Slot alive(String name) throws TestbedException {
    Slot slot = slot(name);
    if (slot.state() == State.ENDED) {
      throw wrong(name + " is not running; start it with: ./backline start " + name);
    }
    return slot;
  }

  private Slot slot(String name) throws TestbedException {
    for (Slot slot : slots) {
      if (slot.name.equals(name)) {
        return slot;
      }
    }
    String candidates = slots.stream().map(slot -> slot.name).collect(Collectors.joining(", "));
    throw wrong(name + ": no such node (expected: one of " + candidates + ")");
  }

  private static TestbedException wrong(String message) {
    return new TestbedException(Cause.WRONG_COMMAND, message);
  }
}
