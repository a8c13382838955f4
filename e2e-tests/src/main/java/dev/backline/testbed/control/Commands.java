package dev.backline.testbed.control;

import dev.backline.testbed.driver.Node;
import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.TestbedException;
import java.util.List;

/** What another terminal may have a testbed do, in the words of the command line. */
public final class Commands {
  /** Commands that name a node. */
  public static final List<String> ON_NODES =
      List.of("kill", "pause", "resume", "stop", "start", "remove");

  public static final String ADD = "add";
  private static final String BACKEND = "backend";
  private static final String BALANCER = "balancer";

  private final Testbed testbed;

  public Commands(Testbed testbed) {
    this.testbed = testbed;
  }

  /** Performs one; returns what was done, as a sentence. */
  String perform(String command, String target) throws TestbedException {
    switch (command) {
      case "kill" -> testbed.kill(target);
      case "pause" -> testbed.pause(target);
      case "resume" -> testbed.resume(target);
      case "stop" -> testbed.stop(target);
      case "start" -> testbed.start(target);
      case "remove" -> testbed.remove(target);
      case ADD -> {
        checkCanBeAdded(target);
        String name = target.equals(BALANCER) ? testbed.addBalancer() : testbed.addBackend();
        return name
            + " added at "
            + node(name).address()
            + "; take it out with: ./backline remove "
            + name;
      }
      default ->
          throw new TestbedException(
              TestbedException.Cause.WRONG_COMMAND,
              command
                  + ": no such command (expected: one of add, "
                  + String.join(", ", ON_NODES)
                  + ")");
    }
    return switch (command) {
      case "kill" -> target + " killed; start it again with: ./backline start " + target;
      case "pause" -> target + " paused; let it go on with: ./backline resume " + target;
      case "resume" -> target + " goes on";
      case "stop" -> target + " stopped; start it again with: ./backline start " + target;
      case "start" -> target + " started at " + node(target).address();
      case "remove" -> target + " removed and stopped";
      default -> throw new AssertionError(command);
    };
  }

  /** Fails, with what was expected, unless it is something that {@link #ADD} knows. */
  public static void checkCanBeAdded(String what) throws TestbedException {
    if (!what.equals(BACKEND) && !what.equals(BALANCER)) {
      throw new TestbedException(
          TestbedException.Cause.WRONG_COMMAND,
          what + " can't be added (expected: " + BACKEND + " or " + BALANCER + ")");
    }
  }

  private Node node(String name) {
    return testbed.nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " in " + testbed.nodes()));
  }
}
