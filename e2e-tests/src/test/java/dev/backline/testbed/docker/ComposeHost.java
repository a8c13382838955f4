package dev.backline.testbed.docker;

import dev.backline.testbed.Build;
import dev.backline.testbed.driver.TestbedException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A process that holds a testbed of containers, to be ended by a test. Prints the project's name,
 * then waits for ever.
 */
final class ComposeHost {
  private ComposeHost() {}

  public static void main(String[] args) throws TestbedException, IOException {
    ComposeTestbed testbed =
        ComposeTestbed.start(Build.root(), ComposeTestbedTest.setup(Path.of(args[0])));
    System.out.println(testbed.project());
    while (System.in.read() >= 0) {
      // Nobody writes to it.
    }
    testbed.close();
  }
}
