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
  private static final String BALANCER_JAR = "balancer.jar";
  private static final String BACKEND_JAR = "sample-backend.jar";

  public Programs {
    balancer = List.copyOf(balancer);
    backend = List.copyOf(backend);
  }

  /** The jars where Maven puts them. */
  public static Programs ofBuild(Path root) throws TestbedException {
    return ofJars(root.resolve("balancer/target"), root.resolve("sample-backend/target"));
  }

  /** Copies of the jars, which a build that runs beside doesn't change. */
  public static Programs ofCopies(Path directory) throws TestbedException {
    return ofJars(directory, directory);
  }

  private static Programs ofJars(Path balancer, Path backend) throws TestbedException {
    return new Programs(
        java(JvmFlags.balancer(), balancer.resolve(BALANCER_JAR)),
        java(JvmFlags.backend(), backend.resolve(BACKEND_JAR)));
  }

  private static List<String> java(List<String> flags, Path jar) throws TestbedException {
    if (!Files.isRegularFile(jar)) {
      throw new TestbedException(
          jar + ": no such file (expected: the built jar; run: mvn -DskipTests package)");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-jar");
    command.add(jar.toAbsolutePath().toString());
    return command;
  }
}
