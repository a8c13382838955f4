package dev.backline.testbed.driver;

import dev.backline.testbed.load.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * A process that holds a testbed of stand-ins with backend-1 paused: to be killed by a test. Prints
 * the process ids of its children, then waits for ever.
 */
public final class TestbedHost {
  private TestbedHost() {}

  public static void main(String[] args) throws TestbedException, IOException {
    Setup setup =
        new Setup(
            Path.of(args[0]),
            StandIns.programs("GOOD"),
            new AddressPlan.Ephemeral(),
            new Topology(1, 2),
            Setup.ServiceTime.NONE,
            new Clock(),
            line -> {});
    ProcessTestbed testbed = ProcessTestbed.start(setup);
    testbed.pause("backend-1");
    System.out.println(
        ProcessHandle.current()
            .children()
            .map(child -> Long.toString(child.pid()))
            .collect(Collectors.joining(" ")));
    while (System.in.read() >= 0) {
      // Nobody writes to it.
    }
    testbed.close();
  }
}
