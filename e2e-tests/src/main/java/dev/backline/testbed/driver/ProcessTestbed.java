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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A testbed of processes on this machine: one balancer and its backends as children of this
 * process, guarded so that none outlives it.
 *
 * <p>Owns the balancer's configuration file and knows which node is in it. Methods that change
 * something take turns; those that only look don't wait for them.
 */
public final class ProcessTestbed implements Testbed {
  public static final String BALANCER = "balancer-1";
  public static final String CONFIG_FILE = "backline.yml";

  private final Setup setup;
  private final AdminClient client;
  private final Processes processes;
  private final Moments moments;
  private final List<Slot> slots = new CopyOnWriteArrayList<>();
  private final List<Slot> removed = new CopyOnWriteArrayList<>();
  private volatile Address admin;

  /** As in the file that the running balancer read: port 0 stays 0, or a reload would move it. */
  private Address writtenListener;

  private Address writtenAdmin;
  private int highest;

  private ProcessTestbed(Setup setup, Guardian guardian) {
    this.setup = setup;
    client = new AdminClient(setup.directory().resolve(BalancerFile.TOKEN_FILE));
    moments = new Moments(setup.clock());
    processes = new Processes(setup, guardian, moments);
    admin = setup.addresses().admin();
    writtenAdmin = admin;
    writtenListener = setup.addresses().listener();
  }

  /** Starts backends and balancer; returns when all have said that they are ready. */
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
  public Address listener() {
    return slots.get(0).address();
  }

  @Override
  public Address admin() {
    return admin;
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
    if (slot.role == Role.BALANCER) {
      startBalancer(slot);
    } else {
      processes.launchBackend(slot);
      awaitBackend(slot);
    }
  }

  @Override
  public synchronized String add() throws TestbedException {
    if (highest >= AddressPlan.MOST_BACKENDS) {
      throw wrong("there were " + highest + " backends already (expected: fewer)");
    }
    Slot slot = newBackend();
    processes.launchBackend(slot);
    awaitBackend(slot);
    slots.add(slot);
    try {
      reload();
    } catch (TestbedException e) {
      slots.remove(slot);
      removed.add(slot);
      processes.kill(slot);
      writeConfiguration();
      throw e;
    }
    moments.record(Moment.Kind.LISTED, slot.name, "at " + slot.address());
    return slot.name;
  }

  @Override
  public synchronized void remove(String name) throws TestbedException {
    Slot slot = slot(name);
    if (slot.role != Role.BACKEND) {
      throw wrong(name + " can't be removed (expected: a backend)");
    }
    if (backends().count() == 1) {
      throw wrong(name + " is the last backend (expected: one stays)");
    }
    slots.remove(slot);
    removed.add(slot);
    long from = moments.now();
    reload();
    moments.record(Moment.Kind.UNLISTED, name, from, "at " + slot.address());
    if (slot.state() != State.ENDED) {
      processes.terminate(slot);
      processes.awaitEnd(slot);
    }
  }

  @Override
  public void setFault(String backend, String fault, JsonObject parameters)
      throws TestbedException {
    client.setFault(slot(backend).address(), fault, parameters);
  }

  @Override
  public void clearFault(String backend, String fault) throws TestbedException {
    client.clearFault(slot(backend).address(), fault);
  }

  @Override
  public PoolStatus status() throws TestbedException {
    return client.status(admin);
  }

  @Override
  public boolean ready() {
    return client.ready(admin);
  }

  @Override
  public List<Ledger> ledgers() throws TestbedException {
    List<Ledger> ledgers = new ArrayList<>();
    for (Slot slot : Stream.concat(slots.stream(), removed.stream()).toList()) {
      List<LedgerEntry> entries = new ArrayList<>();
      for (Path file : slot.ledgers) {
        entries.addAll(JsonLines.read(file, LedgerEntry::fromJson));
      }
      if (slot.role == Role.BACKEND) {
        ledgers.add(new Ledger(slot.name, entries));
      }
    }
    return ledgers;
  }

  @Override
  public List<Exchange> accessLog() throws TestbedException {
    return JsonLines.read(setup.directory().resolve(BalancerFile.ACCESS_LOG), Exchange::fromJson);
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
    slots.add(new Slot(BALANCER, Role.BALANCER, setup.addresses().listener()));
    for (int i = 0; i < setup.backends(); i++) {
      Slot slot = newBackend();
      slots.add(slot);
      processes.launchBackend(slot);
    }
    for (Slot backend : backends().toList()) {
      awaitBackend(backend);
    }
    startBalancer(slots.get(0));
  }

  private Slot newBackend() {
    highest++;
    return new Slot("backend-" + highest, Role.BACKEND, setup.addresses().backend(highest));
  }

  private void awaitBackend(Slot slot) throws TestbedException {
    processes.awaitBackend(slot);
    if (setup.serviceTime().millis() > 0) {
      client.setFault(slot.address(), "delay", setup.serviceTime().parameters());
    }
  }

  private void startBalancer(Slot slot) throws TestbedException {
    writtenListener = slot.address();
    writtenAdmin = admin;
    writeConfiguration();
    processes.launchBalancer(slot, configuration());
    admin = processes.awaitBalancer(slot);
  }

  private void stopAll(Role role) throws TestbedException {
    List<Slot> running =
        slots.stream().filter(s -> s.role == role && s.state() != State.ENDED).toList();
    for (Slot slot : running) {
      processes.terminate(slot);
    }
    for (Slot slot : running) {
      processes.awaitEnd(slot);
      setup.progress().accept(slot.name + " ended");
    }
  }

  private void reload() throws TestbedException {
    writeConfiguration();
    if (slots.get(0).state() != State.ENDED) {
      client.reload(admin);
    }
  }

  private void writeConfiguration() throws TestbedException {
    Map<String, Address> backends = new LinkedHashMap<>();
    backends().forEach(slot -> backends.put(slot.name, slot.address()));
    BalancerFile.write(configuration(), writtenListener, writtenAdmin, backends);
  }

  private Path configuration() {
    return setup.directory().resolve(CONFIG_FILE);
  }

  private Stream<Slot> backends() {
    return slots.stream().filter(slot -> slot.role == Role.BACKEND);
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
