package dev.backline.testbed.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.driver.Topology;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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
  static final String PROJECT_LABEL = "com.docker.compose.project";
  private static final String SERVICE_LABEL = "com.docker.compose.service";
  private static final String NUMBER_LABEL = "com.docker.compose.container-number";
  private static final List<String> COMMAND_UP = List.of("docker", "compose", "up");
  private static final Duration SCALE_LIMIT = Duration.ofMinutes(2);

  private final ComposeContainer compose;
  private final DockerClient docker = DockerClientFactory.lazyClient();
  private final Removal removal;
  private final Thread hook = new Thread(this::takeDown, "compose-down");
  private final Path root;
  private final Map<String, String> environment;
  private volatile String name = "";

  private ComposeProject(Path root, Map<String, String> environment) {
    this.root = root;
    this.environment = Map.copyOf(environment);
    String prefix = "backline-drill-%s-".formatted(UUID.randomUUID().toString().substring(0, 8));
    removal = new Removal(new ProjectRemains(docker, prefix));
    compose =
        new ComposeContainer(prefix, file(COMPOSE_FILE), file(OVERRIDE))
            .withEnv(environment)
            .withPull(false)
            .withTailChildContainers(false);
  }

  /**
   * Starts the containers; returns when they run, before they are ready.
   *
   * @param root the project's top folder
   * @param directory for the balancers' configurations
   */
  static ComposeProject start(Path root, Path directory, Topology topology)
      throws TestbedException {
    ComposeProject project = new ComposeProject(root, environment(root, directory, topology));
    try {
      project.start();
      return project;
    } catch (TestbedException | RuntimeException e) {
      project.close();
      throw e;
    }
  }

  /**
   * What the compose files ask for. The front's port is chosen here: Docker would choose another at
   * each start, and clients know it.
   */
  private static Map<String, String> environment(Path root, Path directory, Topology topology)
      throws TestbedException {
    Path front = directory.resolve("config/front").toAbsolutePath();
    Path balancer = directory.resolve("config/balancer").toAbsolutePath();
    MemberConfig.write(root, front, topology.probeIntervals().get("balancer-1"));
    MemberConfig.write(root, balancer, topology.probeIntervals().get("balancer-2"));
    return Map.of(
        "BACKLINE_PORT", FrontPort.free().toString(),
        "BACKLINE_PORTS", "127.0.0.1:0",
        "BACKLINE_CONFIG", front.toString(),
        "TESTBED_BALANCER_CONFIG", balancer.toString(),
        "TESTBED_BALANCERS", Integer.toString(topology.balancers() - 1),
        "TESTBED_BACKENDS", Integer.toString(topology.backends()));
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

  /** Starts one more container of a service, beside those that are there; returns its number. */
  int scaleByOne(String service) throws TestbedException {
    return removal.unlessBegun(() -> addOne(service));
  }

  /** Compose would start those again that have ended: it only makes the new one. */
  private int addOne(String service) throws TestbedException {
    List<Integer> before = numbers(service);
    create(service, before.size() + 1);
    List<Integer> added = new ArrayList<>(numbers(service));
    added.removeAll(before);
    if (added.size() != 1) {
      throw new TestbedException(service + ": scaled, and new are " + added + " (expected: one)");
    }
    container(service, added.get(0)).start();
    return added.get(0);
  }

  private void create(String service, int containers) throws TestbedException {
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
            "--no-start",
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

  private void start() throws TestbedException {
    Runtime.getRuntime().addShutdownHook(hook);
    name = removal.unlessBegun(this::up);
  }

  /** Returns what compose calls all of it. */
  private String up() throws TestbedException {
    try {
      compose.start();
    } catch (ContainerLaunchException | ContainerFetchException | DockerException e) {
      throw new TestbedException(DockerFailure.explain(COMMAND_UP, 1, messages(e)));
    }
    return compose
        .getContainerByServiceName(FRONT + "-1")
        .map(front -> front.getContainerInfo().getConfig().getLabels())
        .map(labels -> labels.get(PROJECT_LABEL))
        .orElseThrow(() -> new TestbedException("compose started no " + FRONT));
  }

  /** Waits for a start or a removal under way, and looks again whether anything is left. */
  private void takeDown() {
    List<String> left = removal.run();
    if (!left.isEmpty()) {
      System.err.println("could not be removed: " + String.join(", ", left));
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
