package dev.backline.testbed.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.driver.Program;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Docker's words, as its versions have them, are told as. */
class DockerFailureTest {
  private static final List<String> UP = List.of("docker", "compose", "up");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon"
            + " running?| no Docker engine answers",
        "failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is"
            + " correct| no Docker engine answers",
        "error during connect: this error may indicate that the docker daemon is not running"
            + "| no Docker engine answers",
        "permission denied while trying to connect to the Docker daemon socket at"
            + " unix:///var/run/docker.sock: Get \"http://%2Fvar%2Frun%2Fdocker.sock/v1.45/version\""
            + "| this user may not use the Docker engine",
        "docker: 'compose' is not a docker command.| this Docker has no compose plugin",
        "docker: unknown command: docker compose| this Docker has no compose plugin",
        "unknown shorthand flag: 'd' in -d| this Docker has no compose plugin",
        "ERROR: failed to solve: maven:3: failed to resolve source metadata for"
            + " registry.example/library/maven:3: failed to do request: dial tcp: no such host"
            + "| image maven:3 is neither here nor to be had",
        "Error response from daemon: pull access denied for backline/balancer, repository does not"
            + " exist| image backline/balancer is neither here nor to be had",
        "Error response from daemon: Get \"https://registry.example/v2/\": dial tcp: lookup"
            + " registry.example: no such host| no image registry answers",
        "Bind for 0.0.0.0:8080 failed: port is already allocated| port 8080 is taken",
        "listen tcp4 0.0.0.0:8080: bind: address already in use| port 8080 is taken",
      })
  void knownTroubleIsToldInOneLine(String stderr, String line) {
    String told = DockerFailure.explain(UP, 1, " Container x  Starting\n" + stderr + "\n");

    assertThat(told).startsWith(line).doesNotContain("\n");
  }

  @Test
  void noProgramIsTold() {
    assertThat(DockerFailure.explain(UP, Program.NOT_THERE, "")).startsWith("no docker found");
  }

  @Test
  void anythingElseIsDockersOwnLastLine() {
    assertThat(DockerFailure.explain(UP, 14, "first\nno such service: dance\n\n"))
        .isEqualTo("docker compose up: exit code 14: no such service: dance");
    assertThat(DockerFailure.explain(UP, 1, ""))
        .isEqualTo("docker compose up: exit code 1: nothing on standard error");
  }
}
