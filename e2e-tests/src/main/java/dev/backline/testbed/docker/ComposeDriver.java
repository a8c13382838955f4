package dev.backline.testbed.docker;

import dev.backline.testbed.driver.Driver;
import dev.backline.testbed.driver.Setup;
import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.TestbedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Containers of the project's own compose file. Made by {@link #ready}: with images of now. */
public final class ComposeDriver implements Driver {
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(10);
  private static final Duration PULL_LIMIT = Duration.ofMinutes(2);
  private static final String HELPER = "testcontainers/ryuk";
  private static final String WITHOUT_HELPER = "TESTCONTAINERS_RYUK_DISABLED";

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
    haveHelper(docker);
    return new ComposeDriver(root);
  }

  /** Testcontainers itself would try to pull it for minutes, and not say why it can't. */
  private static void haveHelper(DockerCommand docker) throws TestbedException {
    if (Boolean.parseBoolean(System.getenv(WITHOUT_HELPER))) {
      return;
    }
    if (!docker.run(PULL_LIMIT, "images", "-q", HELPER).isEmpty()) {
      return;
    }
    try {
      docker.run(PULL_LIMIT, "pull", "-q", HELPER);
    } catch (TestbedException e) {
      throw new TestbedException(
          "%s; to do without %s: %s=true".formatted(e.getMessage(), HELPER, WITHOUT_HELPER));
    }
  }

  @Override
  public String name() {
    return "containers";
  }

  /** Tried on this process: whoever may change its network's rules may change a container's. */
  @Override
  public Optional<String> whyLinksStay() {
    try {
      return Links.whyNot(ProcessHandle.current().pid());
    } catch (TestbedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public Testbed start(Setup setup) throws TestbedException {
    return ComposeTestbed.start(root, setup);
  }
}
