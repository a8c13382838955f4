package dev.backline.testbed.cli;

import dev.backline.testbed.driver.TestbedException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command of the testbed's command line. */
interface Command {
  /** Its name, options and help. */
  CommandSpec spec();

  /** Performs it; returns the exit code. */
  int run(ParseResult arguments) throws TestbedException;
}
