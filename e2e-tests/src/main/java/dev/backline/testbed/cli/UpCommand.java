package dev.backline.testbed.cli;

import dev.backline.testbed.driver.AddressPlan;
import dev.backline.testbed.driver.Installation;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.driver.Topology;
import dev.backline.testbed.up.Up;
import java.io.PrintStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code up}: runs balancer and backends until Ctrl-C. */
record UpCommand(Place place, PrintStream out) implements Command {

  @Override
  public CommandSpec spec() {
    return Arguments.command(
            "up", "Runs balancers and their backends, and shows how they are, until Ctrl-C.")
        .addOption(Arguments.number("--backends", 3, "How many backends"))
        .addOption(Arguments.number("--balancers", 1, "How many balancers, one address each"))
        .addOption(
            Arguments.number("--port", 8080, "Port of the balancers; 0 takes free ports for all"));
  }

  @Override
  public int run(ParseResult arguments) throws TestbedException {
    int backends = Arguments.within(arguments, "--backends", 3, 1, AddressPlan.MOST_BACKENDS);
    int balancers = Arguments.within(arguments, "--balancers", 1, 1, AddressPlan.MOST_BALANCERS);
    int port = Arguments.within(arguments, "--port", 8080, 0, 65_535);
    AddressPlan addresses = port == 0 ? new AddressPlan.Free() : new AddressPlan.Fixed(port);
    new Up(
            new Up.Options(
                place.testbed(),
                Installation.upToDate(place.root(), place.jars(), out::println),
                addresses,
                new Topology(balancers, backends),
                place.terminal()),
            out)
        .run();
    return 0;
  }
}
