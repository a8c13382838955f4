package dev.backline.testbed.cli;

import dev.backline.testbed.control.ControlClient;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.history.Request;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.load.Clock;
import dev.backline.testbed.load.Load;
import dev.backline.testbed.report.LoadLines;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * {@code load}: sends requests to the running testbed, or to balancers anywhere, and tells what
 * becomes of each.
 */
record LoadCommand(Place place, PrintStream out) implements Command {
  private static final int MOST_SECONDS = 3_600;
  private static final long HALF_SECOND_MICROS = 500_000;

  @Override
  public CommandSpec spec() {
    return Arguments.command(
            "load", "Sends requests, 30 % of them POST, to the running testbed; tells their fates.")
        .addOption(
            OptionSpec.builder("--to")
                .paramLabel("ADDRESS[,ADDRESS]")
                .type(String.class)
                .description("Balancers elsewhere: the addresses of one name, each with its port.")
                .build())
        .addOption(
            OptionSpec.builder("--host")
                .paramLabel("NAME")
                .type(String.class)
                .description("The name that is asked for (default: " + Load.Plan.HOST + ").")
                .build())
        .addOption(Arguments.number("--rate", 200, "Requests a second"))
        .addOption(Arguments.number("--seconds", 20, "For how long"));
  }

  @Override
  public int run(ParseResult arguments) throws TestbedException {
    int rate = Arguments.within(arguments, "--rate", 200, 1, Load.MOST_RATE);
    int seconds = Arguments.within(arguments, "--seconds", 20, 1, MOST_SECONDS);
    Clock clock = new Clock();
    String prefix = "load-" + Long.toString(clock.micros(), Character.MAX_RADIX);
    List<Address> targets = targets(arguments.matchedOptionValue("--to", ""));
    String host = arguments.matchedOptionValue("--host", Load.Plan.HOST);
    Load.Plan plan = Load.Plan.ofDrills(targets, host, rate, prefix);
    try (Load load = new Load(plan, clock)) {
      load.start();
      long began = clock.micros() - HALF_SECOND_MICROS / rate; // Not in the moment that one is due.
      for (int second = 1; second <= seconds; second++) {
        LockSupport.parkNanos(
            TimeUnit.MICROSECONDS.toNanos(
                began + TimeUnit.SECONDS.toMicros(second) - clock.micros()));
        out.println(LoadLines.second(second, load.sent(), load.soFar(), clock.micros()));
      }
      List<Request> requests = load.finish();
      LoadLines.summary(requests).forEach(out::println);
      return requests.stream().allMatch(Request::succeeded) ? 0 : 1;
    } catch (IOException e) {
      throw new TestbedException(
          "cannot load " + plan.targets() + " (is the balancer there? ./backline start balancer-1)",
          e);
    }
  }

  private List<Address> targets(String to) throws TestbedException {
    if (to.isEmpty()) {
      return ControlClient.running(place.testbed()).listeners();
    }
    try {
      return Stream.of(to.split(",", -1)).map(Address::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new TestbedException(
          TestbedException.Cause.WRONG_COMMAND,
          "--to: %s (expected: addresses with ports, such as 127.0.0.1:8080,127.0.0.2:8080)"
              .formatted(to));
    }
  }
}
