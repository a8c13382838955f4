package dev.backline.testbed.docker;

import static java.util.stream.Collectors.joining;

import dev.backline.testbed.driver.AdminClient;
import dev.backline.testbed.driver.Directory;
import dev.backline.testbed.driver.FaultClient;
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
import dev.backline.testbed.http.ControlCall;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
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
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
  private static final Duration COPY_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  /** An orderly end takes at most 2.5 s of draining and 20 s for what is in flight. */
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private final Setup setup;
  private final ComposeProject project;
  private final AdminClient client;
  private final FaultClient faults = new FaultClient();
  private final ControlCall calls = new ControlCall();
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
    ComposeProject project = ComposeProject.start(root, setup.directory(), setup.topology());
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
  public List<Address> listeners() {
    return balancers().map(unit -> unit.node().address()).toList();
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
  public synchronized String addBackend() throws TestbedException {
    long from = moments.now();
    Unit unit = backend(project.scaleByOne(ComposeProject.BACKEND));
    awaitServing(unit, from);
    units.add(unit);
    awaitListed(unit.name(), true);
    moments.record(Moment.Kind.LISTED, unit.name(), from, "at " + unit.info().network());
    return unit.name();
  }

  @Override
  public synchronized String addBalancer() throws TestbedException {
    long from = moments.now();
    Unit unit = balancer(project.scaleByOne(ComposeProject.BALANCER));
    awaitServing(unit, from);
    units.add(unit);
    return unit.name();
  }

  /** Stops it before it is taken out: nobody keeps a list that it could be taken from. */
  @Override
  public synchronized void remove(String name) throws TestbedException {
    Unit unit = unit(name);
    if (units.stream().filter(other -> other.role() == unit.role()).count() == 1) {
      throw wrong(name + " is the last of its kind (expected: one stays)");
    }
    if (unit.node().state() != State.ENDED) {
      stop(name);
    }
    save(unit);
    units.remove(unit);
    removed.add(unit);
    unit.container().remove();
    if (unit.role() == Role.BACKEND) {
      awaitListed(name, false);
      moments.record(Moment.Kind.UNLISTED, name, "was at " + unit.info().network());
    }
  }

  @Override
  public Optional<String> whyNoLinkFaults() {
    try {
      return Links.whyNot(units.get(0).info().pid());
    } catch (TestbedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public synchronized void cut(String balancer, String backend) throws TestbedException {
    Links.cut(alive(balancer).info().pid(), unit(backend).info().network());
  }

  @Override
  public synchronized void mend(String balancer, String backend) throws TestbedException {
    Links.mend(alive(balancer).info().pid(), unit(backend).info().network());
  }

  @Override
  public synchronized void isolate(String balancer) throws TestbedException {
    Links.isolate(alive(balancer).info().pid());
  }

  @Override
  public synchronized void rejoin(String balancer) throws TestbedException {
    Links.rejoin(alive(balancer).info().pid());
  }

  @Override
  public void setFault(String backend, String fault, JsonObject parameters)
      throws TestbedException {
    faults.set(unit(backend).control(), fault, parameters);
  }

  @Override
  public void clearFault(String backend, String fault) throws TestbedException {
    faults.clear(unit(backend).control(), fault);
  }

  @Override
  public PoolStatus status(String balancer) throws TestbedException {
    long now = moments.now();
    return client
        .status(unit(balancer).control())
        .withNames(backend -> resident(backend.address(), now), this::nodeOf);
  }

  @Override
  public String incident(String balancer) throws TestbedException {
    return client.incident(unit(balancer).control());
  }

  @Override
  public boolean ready(String balancer) throws TestbedException {
    return client.ready(unit(balancer).control());
  }

  /** Balancers call themselves as their container, backends after it. */
  @Override
  public String nodeOf(String instance) {
    return everyUnit()
        .filter(unit -> instance.endsWith(unit.info().hostname()))
        .map(Unit::name)
        .findFirst()
        .orElse(instance);
  }

  @Override
  public List<Ledger> ledgers() throws TestbedException {
    List<Ledger> ledgers = new ArrayList<>();
    for (Unit unit : saved(Role.BACKEND)) {
      ledgers.add(new Ledger(unit.name(), JsonLines.read(ledger(unit), LedgerEntry::fromJson)));
    }
    return ledgers;
  }

  @Override
  public List<Exchange> accessLog() throws TestbedException {
    List<Exchange> exchanges = new ArrayList<>();
    for (Unit unit : saved(Role.BALANCER)) {
      exchanges.addAll(JsonLines.read(accessLog(unit), line -> exchange(unit, line)));
    }
    return exchanges;
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
    Unit front = new Unit("balancer-1", Role.BALANCER, project.container(ComposeProject.FRONT, 1));
    units.add(front);
    project.numbers(ComposeProject.BALANCER).forEach(n -> units.add(balancer(n)));
    project.numbers(ComposeProject.BACKEND).forEach(n -> units.add(backend(n)));
    copy(front, TOKEN, setup.directory().resolve("admin.token"));
    for (Unit unit : units) {
      awaitServing(unit, 0);
    }
  }

  private Unit balancer(int n) {
    return new Unit(
        "balancer-" + (n + 1), Role.BALANCER, project.container(ComposeProject.BALANCER, n));
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
    moments.record(Moment.Kind.READY, unit.name(), "at " + serves);
    if (backend && setup.serviceTime().millis() > 0) {
      faults.set(control, "delay", setup.serviceTime().parameters());
    }
    setup.progress().accept(unit.name() + " listens on " + serves);
  }

  private boolean answers(Unit unit) {
    String path = unit.role() == Role.BACKEND ? "/health" : "/readyz";
    try {
      return calls.send("GET", unit.control(), path, "", "", ANSWER_LIMIT).status() == 200;
    } catch (IOException e) {
      // Not yet.
      return false;
    }
  }

  private void awaitListed(String backend, boolean listed) throws TestbedException {
    for (Unit balancer : balancers().toList()) {
      if (balancer.node().state() == State.RUNNING) {
        await(
            backend + (listed ? " is not listed by " : " is still listed by ") + balancer.name(),
            READY_LIMIT,
            () -> status(balancer.name()).lists(backend) == listed);
      }
    }
  }

  private Exchange exchange(Unit balancer, JsonObject line) {
    Exchange exchange = Exchange.fromJson(balancer.name(), line);
    return exchange.withNames(attempt -> resident(attempt.address(), exchange.beganMicros()));
  }

  private String resident(String address, long atMicros) {
    return residents.nodeAt(Address.parse(address).host(), atMicros);
  }

  /** All units of a role; what those have written that are still there is saved before. */
  private List<Unit> saved(Role role) throws TestbedException {
    for (Unit unit : units) {
      if (unit.role() == role) {
        save(unit);
      }
    }
    return everyUnit().filter(unit -> unit.role() == role).toList();
  }

  /** Ledgers and access logs are a container's own: they go away with it. */
  private void save(Unit unit) throws TestbedException {
    Container.Written written = unit.container().written();
    write(setup.directory().resolve(unit.name() + ".log"), written.errors());
    if (unit.role() == Role.BACKEND) {
      copy(unit, LEDGER, ledger(unit));
    } else {
      write(
          accessLog(unit),
          written
              .output()
              .lines()
              .filter(l -> l.startsWith("{"))
              .map(l -> l + "\n")
              .collect(joining()));
    }
  }

  private Path ledger(Unit unit) {
    return setup.directory().resolve(unit.name() + ".ledger");
  }

  private Path accessLog(Unit unit) {
    return setup.directory().resolve(unit.name() + ".access.log");
  }

  /** From a container, running or ended. */
  private void copy(Unit unit, String from, Path to) throws TestbedException {
    String source = unit.container().name() + ":" + from;
    project.command().run(COPY_LIMIT, "cp", source, to.toAbsolutePath().toString());
  }

  private static void write(Path file, String text) throws TestbedException {
    try {
      Files.writeString(file, text);
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

  private Stream<Unit> balancers() {
    return units.stream().filter(unit -> unit.role() == Role.BALANCER);
  }

  private Stream<Unit> everyUnit() {
    return Stream.concat(units.stream(), removed.stream());
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
    String candidates = units.stream().map(Unit::name).collect(joining(", "));
    throw wrong(name + ": no such node (expected: one of " + candidates + ")");
  }

  private static TestbedException wrong(String message) {
    return new TestbedException(Cause.WRONG_COMMAND, message);
  }
}
