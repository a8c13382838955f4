package dev.backline.testbed.cli;

import dev.backline.testbed.control.Commands;
import dev.backline.testbed.control.ControlClient;
import dev.backline.testbed.driver.TestbedException;
import java.io.PrintStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code add backend}: has the running testbed start one more. */
record AddCommand(Place place, PrintStream out) implements Command {
  private static final String BACKEND = "backend";

  @Override
  public CommandSpec spec() {
    return Arguments.command(
            Commands.ADD, "Starts one more backend and adds it to the balancer's configuration.")
        .addPositional(Arguments.word("WHAT", "What to add: backend."));
  }

  @Override
  public int run(ParseResult arguments) throws TestbedException {
    String what = arguments.matchedPositionalValue(0, "");
    if (!what.equals(BACKEND)) {
      throw new TestbedException(
          TestbedException.Cause.WRONG_COMMAND,
          what + " can't be added (expected: " + BACKEND + ")");
    }
    out.println(ControlClient.perform(place.testbed(), Commands.ADD, what));
    return 0;
  }
}
