package dev.backline.testbed.driver;

import dev.backline.testbed.history.Moment;
import dev.backline.testbed.http.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The child processes of a testbed: starts, signals and awaits them, and writes each of those down
 * as a moment. Owns the guardian.
 */
final class Processes implements AutoCloseable {
  private static final Duration READY_LIMIT = Duration.ofSeconds(60);

  /** An orderly end takes at most 2.5 s of draining and 20 s for what is in flight. */
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private final Setup setup;
  private final Guardian guardian;
  private final LinkFaults links;
  private final Moments moments;
  private final Map<Long, Child> living = new ConcurrentHashMap<>();

  Processes(Setup setup, Guardian guardian, LinkFaults links, Moments moments) {
    this.setup = setup;
    this.guardian = guardian;
    this.links = links;
    this.moments = moments;
  }

  void launchBackend(BackendSlot slot) throws TestbedException {
    Path ledger =
        setup.directory().resolve("%s.%d.ledger".formatted(slot.name, slot.ledgers.size() + 1));
    slot.ledgers.add(ledger);
    List<String> command = new ArrayList<>(setup.programs().backend());
    command.addAll(List.of("--host", slot.address().host()));
    command.addAll(List.of("--port", Integer.toString(slot.address().port())));
    command.addAll(List.of("--instance", slot.name, "--faults", "--exit-with-stdin"));
    command.addAll(List.of("--ledger", ledger.toString()));
    launch(slot, command);
  }

  void awaitBackend(BackendSlot slot) throws TestbedException {
    listensOn(slot, word(slot, "address"));
  }

  void launchBalancer(BalancerSlot slot) throws TestbedException {
    List<String> command = new ArrayList<>(setup.programs().balancer());
    command.addAll(List.of("run", slot.configuration().toString(), "--exit-with-stdin"));
    launch(slot, links.ofBalancer(slot.number, command));
  }

  void awaitBalancer(BalancerSlot slot) throws TestbedException {
    listensOn(slot, word(slot, "listeners"));
    slot.adminListensOn(Address.parse(word(slot, "admin")));
  }

  void kill(Slot slot) throws TestbedException {
    long from = moments.now();
    slot.child().kill();
    moments.record(Moment.Kind.SIGNAL, slot.name, from, "SIGKILL");
    awaitEnd(slot);
  }

  void pause(Slot slot) throws TestbedException {
    signal(slot, "STOP");
    slot.paused(true);
  }

  void resume(Slot slot) throws TestbedException {
    signal(slot, "CONT");
    slot.paused(false);
  }

  /** Tells a process to end in order; a paused one has to go on to do so. */
  void terminate(Slot slot) throws TestbedException {
    long from = moments.now();
    slot.child().terminate();
    moments.record(Moment.Kind.SIGNAL, slot.name, from, "SIGTERM");
    if (slot.state() == Node.State.PAUSED) {
      resume(slot);
    }
  }

  void awaitEnd(Slot slot) throws TestbedException {
    if (!slot.child().awaitEnd(END_LIMIT)) {
      throw new TestbedException(
          "%s did not end within %d s".formatted(slot.name, END_LIMIT.toSeconds()));
    }
  }

  @Override
  public void close() {
    living.values().forEach(Child::kill);
    guardian.close();
  }

  private void launch(Slot slot, List<String> command) throws TestbedException {
    Path log = setup.directory().resolve(slot.name + ".log");
    Child child = Child.start(slot.name, command, setup.directory(), log);
    living.put(child.pid(), child);
    guardian.guard(child.pid());
    slot.started(child);
    child.onExit(code -> ended(slot.name, child.pid(), code));
  }

  private void ended(String name, long pid, int code) {
    moments.record(Moment.Kind.EXIT, name, Moment.exitText(code));
    living.remove(pid);
    guardian.release(pid);
  }

  private void signal(Slot slot, String signal) throws TestbedException {
    long from = moments.now();
    slot.child().signal(signal);
    moments.record(Moment.Kind.SIGNAL, slot.name, from, "SIG" + signal);
  }

  private void listensOn(Slot slot, String address) {
    slot.listensOn(Address.parse(address));
    moments.record(Moment.Kind.READY, slot.name, "at " + address);
    setup.progress().accept(slot.name + " listens on " + address);
  }

  private static String word(Slot slot, String word) throws TestbedException {
    String value = slot.child().awaitReady(READY_LIMIT).get(word);
    if (value == null) {
      throw new TestbedException(slot.name + ": its ready line has no " + word + "=");
    }
    return value;
  }
}
