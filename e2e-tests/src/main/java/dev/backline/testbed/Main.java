package dev.backline.testbed;

import dev.backline.testbed.cli.TestbedCli;

/** Entry point. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(TestbedCli.run(args));
  }
}
