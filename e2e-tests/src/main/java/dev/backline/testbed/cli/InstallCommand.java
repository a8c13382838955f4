package dev.backline.testbed.cli;

import dev.backline.testbed.driver.Installation;
import dev.backline.testbed.driver.TestbedException;
import java.io.PrintStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code install}: what the launcher does after a build. */
record InstallCommand(Place place, PrintStream out) implements Command {

  @Override
  public CommandSpec spec() {
    return Arguments.command(
        "install", "Copies what was built to where it is run from; archives its classes.");
  }

  @Override
  public int run(ParseResult arguments) throws TestbedException {
    Installation.upToDate(place.root(), place.jars(), out::println);
    return 0;
  }
}
