package dev.backline.testbed.driver;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How the two programs are started: the command up to their own arguments.
 *
 * @param balancer without {@code run CONFIG}
 */
public record Programs(List<String> balancer, List<String> backend) {

  public Programs {
    balancer = List.copyOf(balancer);
    backend = List.copyOf(backend);
  }

  /** The two jars, each with its class archive if there is one. */
  static Programs of(Path balancer, Path backend) throws TestbedException {
    return of(balancer, ClassArchive.flags(balancer), backend, ClassArchive.flags(backend));
  }

  /** The two jars, with other flags for each JVM. */
  static Programs of(
      Path balancer, List<String> balancerFlags, Path backend, List<String> backendFlags)
      throws TestbedException {
    return new Programs(
        java(JvmFlags.balancer(), balancerFlags, balancer),
        java(JvmFlags.backend(), backendFlags, backend));
  }

  private static List<String> java(List<String> flags, List<String> more, Path jar)
      throws TestbedException {
    if (!Files.isRegularFile(jar)) {
      throw new TestbedException(
          jar + ": no such file (expected: the built jar; run: mvn -DskipTests package)");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(more);
    command.add("-jar");
    command.add(jar.toAbsolutePath().toString());
    return command;
  }
}
