package dev.backline.testbed.docker;

import dev.backline.testbed.driver.Driver;
import dev.backline.testbed.driver.Setup;
import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.TestbedException;
import java.nio.file.Path;
import java.time.Duration;

/** Containers of the project's own compose file. Made by {@link #ready}: with images of now. */
public final class ComposeDriver implements Driver {
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(10);

  private final Path root;

  private ComposeDriver(Path root) {
    this.root = root;
  }

  /**
   * Builds the images; fails with one line if there is no engine, no compose plugin, or no way to
   * the images that they are built on.
   *
   * @param root the project's top folder
   */
  public static ComposeDriver ready(Path root) throws TestbedException {
    DockerCommand docker = DockerCommand.in(root);
    docker.check();
    docker.run(BUILD_LIMIT, "compose", "build", "--quiet");
    return new ComposeDriver(root);
  }

  @Override
  public String name() {
    return "containers";
  }

  @Override
  public Testbed start(Setup setup) throws TestbedException {
    return ComposeTestbed.start(root, setup);
  }
}
