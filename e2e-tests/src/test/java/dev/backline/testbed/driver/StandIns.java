package dev.backline.testbed.driver;

import dev.backline.testbed.Build;
import dev.backline.testbed.drill.StandInBalancer;
import java.nio.file.Path;
import java.util.List;

/** Programs for tests that have no need of the real balancer. */
public final class StandIns {
  private StandIns() {}

  /** The stand-in balancer with these manners, and the real backend. */
  public static Programs programs(String manners) throws TestbedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> balancer =
        List.of(
            java,
            "-XX:TieredStopAtLevel=1",
            "-Dmanners=" + manners,
            "-cp",
            System.getProperty("java.class.path"),
            StandInBalancer.class.getName());
    return new Programs(balancer, Build.programs().backend());
  }
}
