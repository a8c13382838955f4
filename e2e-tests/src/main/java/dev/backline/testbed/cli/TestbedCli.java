package dev.backline.testbed.cli;

import dev.backline.testbed.driver.TestbedException;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The testbed's command line: arguments in, exit code out. */
public final class TestbedCli {
  private static final int WRONG_COMMAND_LINE = 2;

  private TestbedCli() {}

  public static int run(String[] args) {
    return run(args, Place.ofProperties(), System.out, System.err);
  }

  static int run(String[] args, Place place, PrintStream out, PrintStream err) {
    List<Command> commands = commands(place, out);
    CommandLine line = commandLine(commands);
    try {
      ParseResult parsed = line.parseArgs(args);
      ParseResult chosen = parsed.hasSubcommand() ? parsed.subcommand() : parsed;
      if (chosen.isUsageHelpRequested() || !parsed.hasSubcommand()) {
        chosen.commandSpec().commandLine().usage(out);
        return 0;
      }
      for (Command command : commands) {
        if (command.spec().name().equals(chosen.commandSpec().name())) {
          return command.run(chosen);
        }
      }
      throw new AssertionError("no command for " + chosen.commandSpec().name());
    } catch (ParameterException e) {
      err.println("backline: " + e.getMessage());
      err.println("(./backline " + e.getCommandLine().getCommandName() + " --help tells more)");
      return WRONG_COMMAND_LINE;
    } catch (TestbedException e) {
      err.println("backline: " + e.getMessage());
      return e.exitCode();
    }
  }

  private static List<Command> commands(Place place, PrintStream out) {
    return List.of(
        new InstallCommand(place, out),
        new UpCommand(place, out),
        new NodeCommand("kill", "Ends a node as a crash does (SIGKILL).", place, out),
        new NodeCommand("pause", "Makes a node stand still (SIGSTOP).", place, out),
        new NodeCommand("resume", "Lets a paused node go on (SIGCONT).", place, out),
        new NodeCommand("stop", "Tells a node to end in order (SIGTERM), and waits.", place, out),
        new NodeCommand("start", "Starts a node that has ended, on its old address.", place, out),
        new AddCommand(place, out),
        new NodeCommand("remove", "Takes a node out for good, and stops it.", place, out),
        new LoadCommand(place, out),
        new DrillCommand(place, out));
  }

  private static CommandLine commandLine(List<Command> commands) {
    CommandSpec root = Arguments.command("backline", "The testbed of Backline.");
    for (Command command : commands) {
      root.addSubcommand(command.spec().name(), command.spec());
    }
    return new CommandLine(root);
  }
}
