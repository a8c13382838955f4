package dev.backline.balancer;

import dev.backline.balancer.config.BalancerConfig;
import dev.backline.balancer.config.ConfigReference;
import dev.backline.balancer.proxy.CannotListen;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The balancer's command line. */
public final class Main {
  static final int OK = 0;
  static final int UNEXPECTED = 1;
  static final int BAD_CONFIG = 3;
  static final int CANNOT_LISTEN = 4;
  static final int NOBODY_ANSWERS = 5;

  /** What {@code run} returns while the member goes on in other threads. */
  private static final int RUNNING = -1;

  static final String DEFAULT_CONFIG = "backline.yml";
  private static final String DEV_VERSION = "development";

  private Main() {}

  /** Runs a command; its exit code is the process's. */
  public static void main(String[] args) {
    System.setProperty("java.util.logging.manager", LogUntilExit.class.getName());
    int code = execute(args);
    if (code != RUNNING) {
      System.exit(code);
    }
  }

  static int execute(String... args) {
    return commandLine().execute(args);
  }

  private static CommandLine commandLine() {
    CommandSpec root = spec("backline", "An HTTP load balancer.", result -> usage());
    root.addSubcommand("run", run());
    root.addSubcommand(
        "validate",
        withConfigArgument(
            spec(
                "validate",
                "Checks a configuration file and reports all errors.",
                Main::validate)));
    root.addSubcommand(
        "status",
        withConfigOption(
            spec("status", "Shows how the running member sees its backends.", AdminCalls::status)));
    root.addSubcommand(
        "reload",
        withConfigOption(
            spec(
                "reload",
                "Has the running member read its file again; nothing is dropped.",
                AdminCalls::reload)));
    root.addSubcommand("why", why());
    root.addSubcommand("replay", replay());
    root.addSubcommand(
        "config-reference",
        spec("config-reference", "Prints docs/configuration.md.", result -> reference()));
    root.addOption(
        OptionSpec.builder("--version")
            .versionHelp(true)
            .description("Prints the version.")
            .build());
    root.version(version());
    CommandLine commandLine = new CommandLine(root);
    commandLine.setExecutionStrategy(Main::perform);
    return commandLine;
  }

  private static int usage() {
    commandLine().usage(System.out);
    return CommandLine.ExitCode.USAGE;
  }

  private static CommandSpec run() {
    CommandSpec run =
        withConfigArgument(spec("run", "Runs a member until it gets SIGTERM.", Main::run));
    run.addOption(
        OptionSpec.builder("--exit-with-stdin")
            .type(boolean.class)
            .description("Also stop when standard input ends: when the parent is gone.")
            .build());
    return run;
  }

  private static CommandSpec why() {
    CommandSpec why =
        spec(
            "why",
            "Tells what running members saw of a backend lately, and what they made of it.",
            AdminCalls::why);
    why.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .required(true)
            .paramLabel("BACKEND")
            .type(String.class)
            .description("Its name or its address.")
            .build());
    return why.addOption(
        OptionSpec.builder("-c", "--config")
            .arity("1")
            .paramLabel("CONFIG")
            .type(List.class)
            .auxiliaryTypes(Path.class)
            .description(
                "A running member's configuration file; default " + DEFAULT_CONFIG + ".",
                "May be repeated: what the members say is merged.")
            .build());
  }

  private static CommandSpec replay() {
    CommandSpec replay =
        spec(
            "replay",
            "Makes the decisions again that a member made before it put a backend out.",
            IncidentCommands::replay);
    replay.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .required(true)
            .paramLabel("FILE")
            .type(Path.class)
            .description("What a member wrote into its incidents' directory.")
            .build());
    replay.addOption(
        OptionSpec.builder("--set")
            .arity("1")
            .paramLabel("health.fall=N")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description(
                "Also tells what would have been decided with this health.fall or health.rise.")
            .build());
    replay.addOption(
        OptionSpec.builder("--backend")
            .paramLabel("NAME")
            .type(String.class)
            .description("Also tells all that was seen of that backend; its name or its address.")
            .build());
    return replay;
  }

  private static CommandSpec spec(String name, String about, ToIntFunction<ParseResult> action) {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(action);
    spec.name(name).usageMessage().description(about);
    spec.mixinStandardHelpOptions(false);
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Shows this help.").build());
    return spec;
  }

  private static CommandSpec withConfigArgument(CommandSpec spec) {
    return spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("0..1")
            .paramLabel("CONFIG")
            .type(Path.class)
            .defaultValue(DEFAULT_CONFIG)
            .description("The configuration file; default " + DEFAULT_CONFIG + ".")
            .build());
  }

  private static CommandSpec withConfigOption(CommandSpec spec) {
    return spec.addOption(
        OptionSpec.builder("-c", "--config")
            .paramLabel("CONFIG")
            .type(Path.class)
            .defaultValue(DEFAULT_CONFIG)
            .description("The running member's configuration file; default " + DEFAULT_CONFIG + ".")
            .build());
  }

  @SuppressWarnings("unchecked")
  private static int perform(ParseResult result) {
    Integer help = CommandLine.executeHelpRequest(result);
    if (help != null) {
      return help;
    }
    ParseResult last = result;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return ((ToIntFunction<ParseResult>) last.commandSpec().userObject()).applyAsInt(last);
  }

  private static int validate(ParseResult result) {
    Path file = result.matchedPositionalValue(0, Path.of(DEFAULT_CONFIG));
    try {
      BalancerConfig config = ConfigFile.read(file);
      System.out.printf(
          "%s: valid, %s, %s, %s%n",
          file,
          counted(config.listeners().size(), "listener"),
          counted(config.routes().size(), "route"),
          counted(config.pools().size(), "pool"));
      return OK;
    } catch (ConfigFile.Unusable e) {
      return bad(file, e);
    }
  }

  private static String counted(int count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  private static int reference() {
    System.out.print(ConfigReference.markdown());
    return OK;
  }

  private static int run(ParseResult result) {
    LogFormat.install();
    Path file = result.matchedPositionalValue(0, Path.of(DEFAULT_CONFIG));
    Balancer balancer;
    try {
      PrintStream stdout = System.out;
      balancer = new Balancer(file, ConfigFile.read(file), version(), stdout);
    } catch (ConfigFile.Unusable e) {
      return bad(file, e);
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return BAD_CONFIG;
    }
    ShutdownHook hook = new ShutdownHook(balancer);
    hook.install();
    boolean started = false;
    try {
      String ready = balancer.start();
      started = true;
      System.out.println(ready);
      System.out.flush();
    } catch (CannotListen e) {
      System.err.println(e.getMessage());
      return CANNOT_LISTEN;
    } finally {
      if (!started) {
        hook.remove(); // The exit code tells why.
      }
    }
    if (result.matchedOptionValue("--exit-with-stdin", false)) {
      ShutdownHook.exitWithStdin();
    }
    return RUNNING;
  }

  private static int bad(Path file, ConfigFile.Unusable e) {
    errors(file, e).forEach(System.err::println);
    return BAD_CONFIG;
  }

  /** Returns the errors of a file, each on a line of its own, below the file's name. */
  static List<String> errors(Path file, ConfigFile.Unusable e) {
    List<String> lines = new ArrayList<>(e.lines());
    if (lines.size() > 1 || !lines.get(0).startsWith(file.toString())) {
      lines.add(0, file + ": " + counted(e.lines().size(), "error"));
    }
    return lines;
  }

  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? DEV_VERSION : version;
  }
}
