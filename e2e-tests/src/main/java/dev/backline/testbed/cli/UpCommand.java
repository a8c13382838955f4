package dev.backline.testbed.cli;

import dev.backline.testbed.driver.AddressPlan;
import dev.backline.testbed.driver.Programs;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.up.Up;
import java.io.PrintStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code up}: runs balancer and backends until Ctrl-C. */
record UpCommand(Place place, PrintStream out) implements Command {

  @Override
  public CommandSpec spec() {
    return Arguments.command(
            "up", "Runs a balancer and its backends, and shows how they are, until Ctrl-C.")
        .addOption(Arguments.number("--backends", 3, "How many backends"))
        .addOption(
            Arguments.number("--port", 8080, "Port of the balancer; 0 takes free ports for all"));
  }

  @Override
  public int run(ParseResult arguments) throws TestbedException {
    int backends = Arguments.within(arguments, "--backends", 3, 1, AddressPlan.MOST_BACKENDS);
    int port = Arguments.within(arguments, "--port", 8080, 0, 65_535);
    AddressPlan addresses = port == 0 ? AddressPlan.Free.now() : new AddressPlan.Fixed(port);
    new Up(
            new Up.Options(
                place.testbed(),
                Programs.ofCopies(place.jars()),
                addresses,
                backends,
                place.terminal()),
            out)
        .run();
    return 0;
  }
}
