package dev.backline.testbed.cli;

import dev.backline.testbed.control.ControlClient;
import dev.backline.testbed.driver.TestbedException;
import java.io.PrintStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code kill}, {@code pause}, …: has the running testbed do something to one of its nodes. */
record NodeCommand(String name, String description, Place place, PrintStream out)
    implements Command {

  @Override
  public CommandSpec spec() {
    return Arguments.command(name, description)
        .addPositional(Arguments.word("NODE", "backend-1, backend-2, …; balancer-1, …."));
  }

  @Override
  public int run(ParseResult arguments) throws TestbedException {
    String node = arguments.matchedPositionalValue(0, "");
    out.println(ControlClient.perform(place.testbed(), name, node));
    return 0;
  }
}
