package dev.backline.testbed.cli;

import dev.backline.testbed.control.Commands;
import dev.backline.testbed.control.ControlClient;
import dev.backline.testbed.driver.TestbedException;
import java.io.PrintStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code add backend}, {@code add balancer}: has the running testbed start one more. */
record AddCommand(Place place, PrintStream out) implements Command {
  @Override
  public CommandSpec spec() {
    return Arguments.command(
            Commands.ADD, "Starts one more backend or balancer, and makes it known to the others.")
        .addPositional(Arguments.word("WHAT", "What to add: backend or balancer."));
  }

  @Override
  public int run(ParseResult arguments) throws TestbedException {
    String what = arguments.matchedPositionalValue(0, "");
    Commands.checkCanBeAdded(what);
    out.println(ControlClient.perform(place.testbed(), Commands.ADD, what));
    return 0;
  }
}
