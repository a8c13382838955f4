package dev.backline.sample;

import dev.backline.sample.register.Registration;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command line: its options, and their way into {@link Options}. */
final class Arguments {
  private Arguments() {}

  static CommandLine commandLine() {
    CommandSpec spec = CommandSpec.create().name("sample-backend");
    spec.usageMessage()
        .description("dumbsound, a little music site that can be told to misbehave.")
        .sortOptions(false);
    spec.addOption(value("--host", "ADDRESS", "127.0.0.1", "Address to listen on.", String.class));
    spec.addOption(value("--port", "PORT", "3000", "Port; 0 takes a free one.", Integer.class));
    spec.addOption(
        OptionSpec.builder("--instance")
            .paramLabel("NAME")
            .type(String.class)
            .description(
                "Name shown on every answer. Default: sample-PID; in a container sample-HOST.")
            .build());
    spec.addOption(flag("--faults", "Let /testbed/faults break things."));
    spec.addOption(
        OptionSpec.builder("--ledger")
            .paramLabel("FILE")
            .type(Path.class)
            .description("Append every executed request that has an X-Request-Id to this file.")
            .build());
    spec.addOption(
        OptionSpec.builder("--register")
            .paramLabel("URL[,URL]")
            .type(String.class)
            .description(
                "Register in a balancer's pool, http://HOST:PORT/v1/pools/POOL; further balancers"
                    + " are for when one fails.")
            .build());
    spec.addOption(
        OptionSpec.builder("--token")
            .paramLabel("FILE")
            .type(Path.class)
            .description("The token to register with.")
            .build());
    spec.addOption(
        OptionSpec.builder("--advertise")
            .paramLabel("ADDRESS")
            .type(String.class)
            .description(
                "Where balancers reach this instance, IP:PORT. Default: where its requests come"
                    + " from.")
            .build());
    spec.addOption(flag("--exit-with-stdin", "End when standard input ends, as with SIGTERM."));
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this.").build());
    return new CommandLine(spec);
  }

  /** Throws {@code IllegalArgumentException} for a value that no backend can run with. */
  static Options options(ParseResult parsed) {
    return new Options(
        parsed.matchedOptionValue("--host", "127.0.0.1"),
        parsed.matchedOptionValue("--port", 3000),
        parsed.matchedOptionValue(
            "--instance",
            defaultInstance(ProcessHandle.current().pid(), System.getenv("HOSTNAME"))),
        parsed.hasMatchedOption("--faults"),
        parsed.matchedOptionValue("--ledger", null),
        parsed.hasMatchedOption("--exit-with-stdin"),
        Registration.of(
            parsed.matchedOptionValue("--register", null),
            parsed.matchedOptionValue("--token", null),
            parsed.matchedOptionValue("--advertise", null)));
  }

  /** The main process of every container has number 1: there the host's name tells them apart. */
  static String defaultInstance(long pid, @Nullable String host) {
    return "sample-" + (pid == 1 && host != null ? host : pid);
  }

  private static OptionSpec value(
      String name, String label, String standard, String description, Class<?> type) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(type)
        .defaultValue(standard)
        .description(description + " Default: ${DEFAULT-VALUE}.")
        .build();
  }

  private static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name).type(boolean.class).arity("0").description(description).build();
  }
}
