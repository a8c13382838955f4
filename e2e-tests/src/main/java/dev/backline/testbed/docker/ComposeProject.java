package dev.backline.testbed.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import dev.backline.testbed.driver.TestbedException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ComposeContainer;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.ContainerLaunchException;

/**
 * The project's own {@code docker-compose.yml}, run by Testcontainers under a name and on ports of
 * its own, with {@code testbed.yml} over it. All of it goes away at {@link #close}, and when this
 * process ends.
 */
final class ComposeProject implements AutoCloseable {
  static final String FRONT = "front";
  static final String BALANCER = "balancer";
  static final String BACKEND = "sample-backend";

  private static final String COMPOSE_FILE = "docker-compose.yml";
  private static final String OVERRIDE = "e2e-tests/src/main/docker/testbed.yml";
  private static final String CONFIGURATION = "balancer/src/main/docker/config/backline.yml";
  private static final String PROJECT_LABEL = "com.docker.compose.project";
  private static final String SERVICE_LABEL = "com.docker.compose.service";
  private static final String NUMBER_LABEL = "com.docker.compose.container-number";
  private static final List<String> COMMAND_UP = List.of("docker", "compose", "up");
  private static final Duration SCALE_LIMIT = Duration.ofMinutes(2);

  private final ComposeContainer compose;
  private final DockerClient docker = DockerClientFactory.lazyClient();
  private final Thread hook = new Thread(this::takeDown, "compose-down");
  private final AtomicBoolean down = new AtomicBoolean();
  private final Path root;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private String name = "";

  private ComposeProject(Path root, Path configuration, int balancers, int backends) {
    this.root = root;
    environment.put("BACKLINE_PORT", "0");
    environment.put("BACKLINE_PORTS", "0");
    environment.put("BACKLINE_CONFIG", configuration.toAbsolutePath().toString());
    environment.put("TESTBED_BALANCERS", Integer.toString(balancers - 1));
    environment.put("TESTBED_BACKENDS", Integer.toString(backends));
    compose =
        new ComposeContainer("backline-drill-", file(COMPOSE_FILE), file(OVERRIDE))
            .withEnv(environment)
            .withPull(false)
            .withTailChildContainers(false);
  }

  /**
   * Starts the containers; returns when they run, before they are ready.
   *
   * @param root the project's top folder
   * @param directory for the balancers' configuration
   * @param balancers the front included
   */
  static ComposeProject start(Path root, Path directory, int balancers, int backends)
      throws TestbedException {
    Path configuration = configuration(root, directory);
    ComposeProject project = new ComposeProject(root, configuration, balancers, backends);
    try {
      project.up();
      return project;
    } catch (TestbedException | RuntimeException e) {
      project.close();
      throw e;
    }
  }

  String name() {
    return name;
  }

  /** The n-th container of a service, counted from 1, as compose names it. */
  Container container(String service, int n) {
    return new Container(docker, "%s-%s-%d".formatted(name, service, n));
  }

  /** Numbers of a service's containers, the ended ones too, in their order. */
  List<Integer> numbers(String service) {
    return docker
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(Map.of(PROJECT_LABEL, name, SERVICE_LABEL, service))
        .exec()
        .stream()
        .map(each -> Integer.valueOf(each.getLabels().get(NUMBER_LABEL)))
        .sorted()
        .toList();
  }

  /** Makes it so many containers of a service; those that are there stay as they are. */
  void scale(String service, int containers) throws TestbedException {
    command()
        .run(
            SCALE_LIMIT,
            "compose",
            "-p",
            name,
            "-f",
            COMPOSE_FILE,
            "-f",
            OVERRIDE,
            "up",
            "-d",
            "--no-deps",
            "--no-recreate",
            "--scale",
            service + "=" + containers,
            service);
  }

  DockerCommand command() {
    return new DockerCommand("docker", root, environment);
  }

  @Override
  public void close() {
    takeDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This process is ending, and the hook has run or does so.
    }
  }

  private void up() throws TestbedException {
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      compose.start();
    } catch (ContainerLaunchException | ContainerFetchException | DockerException e) {
      throw new TestbedException(DockerFailure.explain(COMMAND_UP, 1, messages(e)));
    }
    name =
        compose
            .getContainerByServiceName(FRONT + "-1")
            .map(front -> front.getContainerInfo().getConfig().getLabels())
            .map(labels -> labels.get(PROJECT_LABEL))
            .orElseThrow(() -> new TestbedException("compose started no " + FRONT));
  }

  /** Killed first: nobody waits for an orderly end of what is thrown away. */
  private void takeDown() {
    if (down.getAndSet(true)) {
      return;
    }
    if (!name.isEmpty()) {
      docker
          .listContainersCmd()
          .withLabelFilter(Map.of(PROJECT_LABEL, name))
          .exec()
          .forEach(
              each -> {
                try {
                  docker.killContainerCmd(each.getId()).exec();
                } catch (DockerException e) {
                  // Ended meanwhile.
                }
              });
    }
    compose.stop();
  }

  /**
   * The project's own configuration, with an admin API that this machine reaches through a
   * published port.
   */
  private static Path configuration(Path root, Path directory) throws TestbedException {
    Path source = root.resolve(CONFIGURATION);
    Path target = directory.resolve("config");
    try {
      String text = Files.readString(source);
      String open = text.replace("\nadmin:\n", "\nadmin:\n  address: 0.0.0.0:7070\n");
      if (open.equals(text)) {
        throw new TestbedException(source + ": no section admin (expected: one)");
      }
      Files.createDirectories(target);
      Files.writeString(target.resolve("backline.yml"), open);
      return target;
    } catch (IOException e) {
      throw new TestbedException("cannot make the configuration of the containers", e);
    }
  }

  /** What Docker said lies somewhere in the chain. */
  private static String messages(Throwable thrown) {
    StringBuilder all = new StringBuilder();
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      all.append(each.getMessage()).append('\n');
    }
    return all.toString();
  }

  private File file(String path) {
    return root.resolve(path).toFile();
  }
}
