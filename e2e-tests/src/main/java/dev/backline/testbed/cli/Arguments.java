package dev.backline.testbed.cli;

import dev.backline.testbed.driver.TestbedException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** Parts that several commands' specifications are made of. */
final class Arguments {
  private Arguments() {}

  static CommandSpec command(String name, String description) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage().description(escaped(description)).width(100);
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Shows this help.").build());
    return spec;
  }

  static OptionSpec number(String name, int standard, String description) {
    return OptionSpec.builder(name)
        .paramLabel("N")
        .type(int.class)
        .defaultValue(Integer.toString(standard))
        .description(escaped(description + " (default: " + standard + ")."))
        .build();
  }

  /** Returns an option's number, or tells what was expected of it. */
  static int within(ParseResult arguments, String name, int standard, int least, int most)
      throws TestbedException {
    int value = arguments.matchedOptionValue(name, standard);
    if (value < least || value > most) {
      throw new TestbedException(
          TestbedException.Cause.WRONG_COMMAND,
          "%s: %d (expected: %d to %d)".formatted(name, value, least, most));
    }
    return value;
  }

  /** What is described is text, and picocli takes it for a format. */
  private static String escaped(String text) {
    return text.replace("%", "%%");
  }

  static PositionalParamSpec word(String label, String description) {
    return PositionalParamSpec.builder()
        .paramLabel(label)
        .type(String.class)
        .index("0")
        .arity("1")
        .required(true)
        .description(escaped(description))
        .build();
  }
}
