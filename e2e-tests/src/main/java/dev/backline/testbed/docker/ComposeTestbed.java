package dev.backline.testbed.docker;

import dev.backline.testbed.driver.AdminClient;
import dev.backline.testbed.driver.Directory;
import dev.backline.testbed.driver.JsonLines;
import dev.backline.testbed.driver.Moments;
import dev.backline.testbed.driver.Node;
import dev.backline.testbed.driver.Node.Role;
import dev.backline.testbed.driver.Node.State;
import dev.backline.testbed.driver.Setup;
import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.driver.TestbedException.Cause;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Ledger;
import dev.backline.testbed.history.LedgerEntry;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.http.Address;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A testbed of containers: the project's own compose file, under a name and on ports of its own.
 * {@code balancer-1} is the service front, {@code balancer-2} the first of the service balancer,
 * {@code backend-1} the first of the service sample-backend.
 *
 * <p>Nobody writes a list of backends here: the balancers find them by the name of their service.
 * So to add one is to scale, and it is listed when the balancers say so.
 */
public final class ComposeTestbed implements Testbed {
  private static final int LISTENER_PORT = 8080;
  private static final int ADMIN_PORT = 7070;
  private static final int BACKEND_PORT = 3000;
  private static final String TOKEN = "/run/backline/secrets/admin.token";
  private static final String LEDGER = "/var/tmp/ledger";
  private static final Duration READY_LIMIT = Duration.ofSeconds(90);
  private static final Duration COPY_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  /** An orderly end takes at most 2.5 s of draining and 20 s for what is in flight. */
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private final Setup setup;
  private final ComposeProject project;
  private final AdminClient client;
  private final Moments moments;
  private final Residents residents = new Residents();
  private final List<Unit> units = new CopyOnWriteArrayList<>();
  private final List<Unit> removed = new CopyOnWriteArrayList<>();

  private ComposeTestbed(Setup setup, ComposeProject project) {
    this.setup = setup;
    this.project = project;
    client = new AdminClient(setup.directory().resolve("admin.token"));
    moments = new Moments(setup.clock());
  }

  /** Starts the containers; returns when all of them serve. */
  static ComposeTestbed start(Path root, Setup setup) throws TestbedException {
    Directory.makeEmpty(setup.directory());
    ComposeProject project = ComposeProject.start(root, setup.directory(), 1, setup.backends());
    ComposeTestbed testbed = new ComposeTestbed(setup, project);
    try {
      testbed.awaitAll();
      return testbed;
    } catch (TestbedException | RuntimeException e) {
      testbed.close();
      throw e;
    }
  }

  /** What compose calls all of it. */
  String project() {
    return project.name();
  }

  @Override
  public List<Node> nodes() {
    return units.stream().map(Unit::node).toList();
  }

  @Override
  public Address listener() {
    return units.get(0).node().address();
  }

  @Override
  public Address admin() {
    return units.get(0).control();
  }

  @Override
  public synchronized void kill(String name) throws TestbedException {
    Unit unit = alive(name);
    long from = moments.now();
    unit.container().kill();
    moments.record(Moment.Kind.SIGNAL, name, from, "SIGKILL");
    awaitEnd(name);
  }

  @Override
  public synchronized void pause(String name) throws TestbedException {
    Unit unit = alive(name);
    if (unit.node().state() == State.PAUSED) {
      throw wrong(name + " is paused already");
    }
    long from = moments.now();
    unit.container().pause();
    unit.is(State.PAUSED);
    moments.record(Moment.Kind.SIGNAL, name, from, "docker pause");
  }

  @Override
  public synchronized void resume(String name) throws TestbedException {
    Unit unit = alive(name);
    if (unit.node().state() != State.PAUSED) {
      throw wrong(name + " is not paused");
    }
    long from = moments.now();
    unit.container().resume();
    unit.is(State.RUNNING);
    moments.record(Moment.Kind.SIGNAL, name, from, "docker unpause");
  }

  @Override
  public synchronized void stop(String name) throws TestbedException {
    askToStop(name);
    awaitEnd(name);
  }

  @Override
  public synchronized void askToStop(String name) throws TestbedException {
    Unit unit = alive(name);
    if (unit.node().state() == State.PAUSED) {
      resume(name);
    }
    long from = moments.now();
    unit.container().terminate();
    moments.record(Moment.Kind.SIGNAL, name, from, "SIGTERM");
  }

  @Override
  public synchronized void awaitEnd(String name) throws TestbedException {
    Unit unit = unit(name);
    Container.Info end = unit.container().awaitEnd(END_LIMIT);
    unit.is(State.ENDED);
    moments.record(Moment.Kind.EXIT, name, end.endedMicros(), Moment.exitText(end.exitCode()));
  }

  @Override
  public synchronized void start(String name) throws TestbedException {
    Unit unit = unit(name);
    if (unit.node().state() != State.ENDED) {
      throw wrong(name + " is running already");
    }
    long from = moments.now();
    unit.container().start();
    awaitServing(unit, from);
  }

  @Override
  public synchronized String add() throws TestbedException {
    long from = moments.now();
    List<Integer> before = project.numbers(ComposeProject.BACKEND);
    project.scale(ComposeProject.BACKEND, before.size() + 1);
    List<Integer> added = new ArrayList<>(project.numbers(ComposeProject.BACKEND));
    added.removeAll(before);
    if (added.size() != 1) {
      throw new TestbedException("scaled, and there are " + added + " (expected: one more)");
    }
    Unit unit = backend(added.get(0));
    awaitServing(unit, from);
    units.add(unit);
    awaitListed(unit.name(), true);
    moments.record(Moment.Kind.LISTED, unit.name(), from, "at " + unit.info().network());
    return unit.name();
  }

  @Override
  public synchronized void remove(String name) throws TestbedException {
    Unit unit = unit(name);
    if (unit.role() != Role.BACKEND) {
      throw wrong(name + " can't be removed (expected: a backend)");
    }
    if (unit.node().state() != State.ENDED) {
      stop(name);
    }
    saveLedger(unit);
    units.remove(unit);
    removed.add(unit);
    unit.container().remove();
    awaitListed(name, false);
    moments.record(Moment.Kind.UNLISTED, name, "was at " + unit.info().network());
  }

  @Override
  public void setFault(String backend, String fault, JsonObject parameters)
      throws TestbedException {
    client.setFault(unit(backend).control(), fault, parameters);
  }

  @Override
  public void clearFault(String backend, String fault) throws TestbedException {
    client.clearFault(unit(backend).control(), fault);
  }

  @Override
  public PoolStatus status() throws TestbedException {
    return named(client.status(admin()));
  }

  @Override
  public boolean ready() {
    return client.ready(admin());
  }

  /** A backend calls itself after its container. */
  @Override
  public String nodeOf(String instance) {
    return Stream.concat(units.stream(), removed.stream())
        .filter(unit -> instance.equals("sample-" + unit.info().hostname()))
        .map(Unit::name)
        .findFirst()
        .orElse(instance);
  }

  @Override
  public List<Ledger> ledgers() throws TestbedException {
    List<Ledger> ledgers = new ArrayList<>();
    for (Unit unit : units) {
      if (unit.role() == Role.BACKEND) {
        saveLedger(unit);
        ledgers.add(savedLedger(unit));
      }
    }
    for (Unit unit : removed) {
      ledgers.add(savedLedger(unit));
    }
    return ledgers;
  }

  @Override
  public List<Exchange> accessLog() throws TestbedException {
    StringBuilder lines = new StringBuilder();
    for (Unit unit : units) {
      if (unit.role() == Role.BALANCER) {
        String output = unit.container().output();
        write(unit.name() + ".log", output);
        output
            .lines()
            .filter(line -> line.startsWith("{"))
            .forEach(l -> lines.append(l).append('\n'));
      }
    }
    return JsonLines.read(write("access.log", lines.toString()), this::exchange);
  }

  @Override
  public List<Moment> moments() {
    return moments.soFar();
  }

  @Override
  public synchronized void stopAll() throws TestbedException {
    for (Role role : List.of(Role.BALANCER, Role.BACKEND)) {
      List<Node> running =
          nodes().stream().filter(n -> n.role() == role && n.state() != State.ENDED).toList();
      for (Node node : running) {
        askToStop(node.name());
      }
      for (Node node : running) {
        awaitEnd(node.name());
      }
    }
  }

  @Override
  public synchronized void close() {
    project.close();
  }

  private void awaitAll() throws TestbedException {
    units.add(new Unit("balancer-1", Role.BALANCER, project.container(ComposeProject.FRONT, 1)));
    for (int n : project.numbers(ComposeProject.BACKEND)) {
      units.add(backend(n));
    }
    copy(units.get(0), TOKEN, "admin.token");
    for (Unit unit : units) {
      awaitServing(unit, 0);
    }
  }

  private Unit backend(int n) {
    return new Unit("backend-" + n, Role.BACKEND, project.container(ComposeProject.BACKEND, n));
  }

  /** Waits until a unit that was started answers, and gives a backend its service time. */
  private void awaitServing(Unit unit, long startedMicros) throws TestbedException {
    Container.Info info = unit.container().info();
    boolean backend = unit.role() == Role.BACKEND;
    Address serves = info.published(backend ? BACKEND_PORT : LISTENER_PORT);
    Address control = info.published(backend ? BACKEND_PORT : ADMIN_PORT);
    residents.movedIn(unit.name(), info.network(), startedMicros);
    unit.runs(info, serves, control);
    await(unit.name() + " is not ready", READY_LIMIT, () -> answers(unit));
    if (backend && setup.serviceTime().millis() > 0) {
      client.setFault(control, "delay", setup.serviceTime().parameters());
    }
    moments.record(Moment.Kind.READY, unit.name(), "at " + serves);
    setup.progress().accept(unit.name() + " listens on " + serves);
  }

  private boolean answers(Unit unit) {
    return unit.role() == Role.BACKEND
        ? client.healthy(unit.control())
        : client.ready(unit.control());
  }

  private void awaitListed(String backend, boolean listed) throws TestbedException {
    await(
        backend + (listed ? " is not listed" : " is still listed"),
        READY_LIMIT,
        () -> status().lists(backend) == listed);
  }

  private PoolStatus named(PoolStatus status) {
    long now = moments.now();
    return status.withNames(b -> residents.nodeAt(Address.parse(b.address()).host(), now));
  }

  private Exchange exchange(JsonObject line) {
    long at = Container.micros(line.getString("time"));
    return Exchange.fromJson(line)
        .withNames(a -> residents.nodeAt(Address.parse(a.address()).host(), at));
  }

  private void saveLedger(Unit unit) throws TestbedException {
    copy(unit, LEDGER, unit.name() + ".ledger");
  }

  private Ledger savedLedger(Unit unit) throws TestbedException {
    Path file = setup.directory().resolve(unit.name() + ".ledger");
    return new Ledger(unit.name(), JsonLines.read(file, LedgerEntry::fromJson));
  }

  /** From a container, running or ended. */
  private void copy(Unit unit, String from, String to) throws TestbedException {
    String target = setup.directory().resolve(to).toAbsolutePath().toString();
    project.command().run(COPY_LIMIT, "cp", unit.container().name() + ":" + from, target);
  }

  private Path write(String name, String text) throws TestbedException {
    Path file = setup.directory().resolve(name);
    try {
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new TestbedException("cannot write " + file, e);
    }
  }

  private interface Question {
    boolean answeredYes() throws TestbedException;
  }

  private static void await(String otherwise, Duration limit, Question question)
      throws TestbedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!question.answeredYes()) {
      if (System.nanoTime() - end >= 0) {
        throw new TestbedException(otherwise + " after " + limit.toSeconds() + " s");
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private Unit alive(String name) throws TestbedException {
    Unit unit = unit(name);
    if (unit.node().state() == State.ENDED) {
      throw wrong(name + " is not running");
    }
    return unit;
  }

  private Unit unit(String name) throws TestbedException {
    for (Unit unit : units) {
      if (unit.name().equals(name)) {
        return unit;
      }
    }
    String candidates = units.stream().map(Unit::name).collect(Collectors.joining(", "));
    throw wrong(name + ": no such node (expected: one of " + candidates + ")");
  }

  private static TestbedException wrong(String message) {
    return new TestbedException(Cause.WRONG_COMMAND, message);
  }
}
