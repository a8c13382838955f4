package dev.backline.testbed.docker;

import dev.backline.testbed.driver.Program;
import dev.backline.testbed.driver.TestbedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The {@code docker} command: what fails is told by {@link DockerFailure}, in one line.
 *
 * @param program its name or path
 * @param directory where it runs
 * @param environment beside that of this process
 */
record DockerCommand(String program, Path directory, Map<String, String> environment) {
  private static final Duration QUICK = Duration.ofSeconds(30);

  DockerCommand {
    environment = Map.copyOf(environment);
  }

  /** The one of the PATH, in a folder. */
  static DockerCommand in(Path directory) {
    return new DockerCommand("docker", directory, Map.of());
  }

  /** Fails if there is no command, no engine that answers it, or no compose plugin. */
  void check() throws TestbedException {
    run(QUICK, "version", "--format", "{{.Server.Version}}");
    run(QUICK, "compose", "version");
  }

  /** Runs it with arguments and returns what it wrote to its standard output; blocks. */
  String run(Duration limit, String... arguments) throws TestbedException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    Program.Ended ended = Program.run(command, directory, environment, limit);
    if (ended.code() != 0) {
      throw new TestbedException(DockerFailure.explain(command, ended.code(), ended.errors()));
    }
    return ended.output();
  }
}
