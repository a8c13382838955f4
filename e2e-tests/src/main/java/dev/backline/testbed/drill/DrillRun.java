package dev.backline.testbed.drill;

import dev.backline.testbed.check.FairShare;
import dev.backline.testbed.check.Judgement;
import dev.backline.testbed.check.Result;
import dev.backline.testbed.driver.AddressPlan;
import dev.backline.testbed.driver.Driver;
import dev.backline.testbed.driver.Node;
import dev.backline.testbed.driver.Programs;
import dev.backline.testbed.driver.Setup;
import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Machine;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.history.Request;
import dev.backline.testbed.load.Clock;
import dev.backline.testbed.load.Load;
import dev.backline.testbed.load.Ticker;
import dev.backline.testbed.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** One run of a drill: starts a testbed, loads it, breaks it, collects the evidence, judges it. */
public final class DrillRun {
  private static final Duration ELIGIBLE_LIMIT = Duration.ofSeconds(30);
  private static final Duration LOG_LIMIT = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Drill drill;
  private final Options options;
  private final Clock clock = new Clock();

  /**
   * How to run it.
   *
   * @param directory for all files of this run
   * @param programs of processes; containers bring their own
   */
  public record Options(
      Path directory, Driver driver, Programs programs, Consumer<String> progress) {}

  public DrillRun(Drill drill, Options options) {
    this.drill = drill;
    this.options = options;
  }

  /** Why it can't be run on this machine, in words; empty if it can. */
  public Optional<String> whyNot() {
    return drill.needsLinkFaults() ? options.driver().whyLinksStay() : Optional.empty();
  }

  /** Runs it once, and leaves history and report in the directory. */
  public Report run() throws TestbedException {
    options.progress().accept("drill " + drill.name() + ": " + drill.fault());
    Setup setup =
        new Setup(
            options.directory(),
            options.programs(),
            new AddressPlan.Ephemeral(),
            drill.topology(),
            drill.conditions().serviceTime(),
            clock,
            line -> {});
    try (Testbed testbed = options.driver().start(setup)) {
      awaitAllEligible(testbed);
      WarmUp.run(testbed.listeners(), drill.conditions(), drill.name() + "-warm-up", clock);
      awaitAllEligible(testbed);
      Evidence evidence = underLoad(testbed);
      Report report = Report.of(drill.fault(), Judgement.of(evidence, drill.checks()), evidence);
      DrillFiles.write(options.directory(), report);
      for (Node node : testbed.nodes()) {
        if (node.role() == Node.Role.BALANCER && node.state() == Node.State.RUNNING) {
          DrillFiles.writeIncident(options.directory(), node, testbed.incident(node.name()));
        }
      }
      return report;
    } catch (IOException e) {
      throw new TestbedException("the load of the drill " + drill.name(), e);
    }
  }

  private Evidence underLoad(Testbed testbed) throws TestbedException, IOException {
    int rate = drill.conditions().rate();
    Load.Plan plan = Load.Plan.ofDrills(testbed.listeners(), rate, drill.name());
    try (Load load = new Load(plan, clock);
        Ticker ticker = new Ticker(clock);
        StatusSamplers samplers = StatusSamplers.of(testbed, clock);
        Stage stage = new Stage(testbed, load, clock)) {
      ticker.start();
      load.start();
      stage.moment(Moment.Kind.LOAD_BEGAN, "load", rate + " requests a second");
      performSteps(stage);
      awaitEnd(stage, load);
      List<Request> requests = named(load.finish(), testbed);
      Map<String, Integer> weights = weights(testbed);
      Machine machine =
          new Machine(
              ticker.longestGapMillis(),
              load.latestStartMillis(),
              load.idleClosesUnannounced(),
              load.unaskedAnswers());
      awaitAccessLog(testbed, requests);
      return new Evidence(
          drill.name(),
          drill.victim(),
          load.sent(),
          addresses(testbed),
          weights,
          requests,
          testbed.ledgers(),
          testbed.accessLog(),
          samplers.samples(),
          moments(testbed, stage, ticker),
          machine);
    }
  }

  private void performSteps(Stage stage) throws TestbedException {
    for (Drill.Step step : drill.steps()) {
      parkUntil(stage, step.at());
      step.action().perform(stage);
    }
  }

  /** Lets the load run on for its length, and until the healed backend has its share. */
  private void awaitEnd(Stage stage, Load load) throws IOException {
    if (stage.moments().stream().anyMatch(m -> m.kind() == Moment.Kind.LOAD_STOPPED)) {
      return;
    }
    parkUntil(stage, drill.length());
    if (drill.untilFairShare()) {
      long limit = FairShare.WITHIN_MICROS + TimeUnit.SECONDS.toMicros(1);
      Patience patience =
          new Patience(Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(limit)), POLL);
      while (!patience.spent() && !hasFairShare(stage, load)) {
        patience.pause();
      }
    }
    stage.stopLoad();
  }

  private boolean hasFairShare(Stage stage, Load load) throws IOException {
    Evidence soFar =
        new Evidence(
            drill.name(),
            drill.victim(),
            load.sent(),
            Map.of(),
            weights(stage.testbed()),
            named(load.soFar(), stage.testbed()),
            List.of(),
            List.of(),
            List.of(),
            stage.moments(),
            new Machine(0, 0, 0, 0));
    return new FairShare().check(soFar).result() == Result.PASS;
  }

  /** With the node's name in the place of what the backend calls itself. */
  private static List<Request> named(List<Request> requests, Testbed testbed) {
    return requests.stream().map(r -> r.servedBy(testbed.nodeOf(r.servedBy()))).toList();
  }

  private void parkUntil(Stage stage, Duration sinceBegin) {
    long until = stage.moments().get(0).fromMicros() + sinceBegin.toNanos() / 1000;
    for (long left = until - clock.micros(); left > 0; left = until - clock.micros()) {
      LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(left));
    }
  }

  private static void awaitAllEligible(Testbed testbed) throws TestbedException {
    Patience patience = new Patience(ELIGIBLE_LIMIT, POLL);
    while (!allEligible(testbed)) {
      patience.orElse("not all backends are eligible everywhere, or members don't hear each other");
    }
  }

  /** Whether each balancer is ready, may use each backend, and hears all others. */
  private static boolean allEligible(Testbed testbed) throws TestbedException {
    for (String balancer : Members.of(testbed)) {
      if (!testbed.ready(balancer)) {
        return false;
      }
      PoolStatus status = testbed.status(balancer);
      if (!weights(testbed).keySet().stream().allMatch(status::eligible)) {
        return false;
      }
    }
    return Members.hearEachOther(testbed);
  }

  /** An answer may reach the client before its line reaches the file. */
  private static void awaitAccessLog(Testbed testbed, List<Request> requests)
      throws TestbedException {
    Patience patience = new Patience(LOG_LIMIT, POLL);
    while (!patience.spent()) {
      Set<String> logged = new HashSet<>();
      testbed.accessLog().forEach(exchange -> logged.add(exchange.id()));
      if (requests.stream().allMatch(r -> r.fate() != Fate.ANSWERED || logged.contains(r.id()))) {
        return;
      }
      patience.pause();
    }
  }

  private static Map<String, String> addresses(Testbed testbed) {
    Map<String, String> addresses = new LinkedHashMap<>();
    testbed.nodes().forEach(node -> addresses.put(node.name(), node.address().toString()));
    return addresses;
  }

  private static Map<String, Integer> weights(Testbed testbed) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    for (Node node : testbed.nodes()) {
      if (node.role() == Node.Role.BACKEND) {
        weights.put(node.name(), 1);
      }
    }
    return weights;
  }

  private static List<Moment> moments(Testbed testbed, Stage stage, Ticker ticker) {
    List<Moment> all = new ArrayList<>(testbed.moments());
    all.addAll(stage.moments());
    all.addAll(ticker.stalls());
    all.sort(Comparator.comparingLong(Moment::fromMicros));
    return all;
  }
}
