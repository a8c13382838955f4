package dev.backline.testbed.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.StreamType;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.http.Address;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** One container, by its name: what a drill does to it and asks of it. Blocks; thread-safe. */
record Container(DockerClient docker, String name) {
  private static final Duration LOG_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  /**
   * How it is, or was.
   *
   * @param hostname as its processes see it
   * @param network its address among the others; empty while it doesn't run
   * @param endedMicros of the epoch
   */
  record Info(
      boolean running,
      long pid,
      String hostname,
      String network,
      int exitCode,
      long endedMicros,
      Ports ports) {

    /** Where this machine reaches a port of it. */
    Address published(int port) throws TestbedException {
      Ports.Binding[] bindings = ports.getBindings().get(ExposedPort.tcp(port));
      if (bindings == null || bindings.length == 0) {
        throw new TestbedException("port " + port + " of " + hostname + " is not published");
      }
      return new Address("127.0.0.1", Integer.parseInt(bindings[0].getHostPortSpec()));
    }
  }

  /** Its standard output, and its standard error. */
  record Written(String output, String errors) {}

  Info info() throws TestbedException {
    InspectContainerResponse answer = ask(() -> docker.inspectContainerCmd(name).exec());
    InspectContainerResponse.ContainerState state = answer.getState();
    String network =
        answer.getNetworkSettings().getNetworks().values().stream()
            .map(ContainerNetwork::getIpAddress)
            .filter(address -> address != null && !address.isEmpty())
            .findFirst()
            .orElse("");
    return new Info(
        Boolean.TRUE.equals(state.getRunning()),
        state.getPidLong(),
        answer.getConfig().getHostName(),
        network,
        state.getExitCodeLong().intValue(),
        micros(state.getFinishedAt()),
        answer.getNetworkSettings().getPorts());
  }

  /** Micros of the epoch; a container that never ended says the year 1, beyond what nanos hold. */
  static long micros(String instant) {
    Instant at = Instant.parse(instant);
    return TimeUnit.SECONDS.toMicros(at.getEpochSecond()) + at.getNano() / 1000;
  }

  void kill() throws TestbedException {
    ask(() -> docker.killContainerCmd(name).exec());
  }

  /** SIGTERM, without a time after which it is killed. */
  void terminate() throws TestbedException {
    ask(() -> docker.killContainerCmd(name).withSignal("SIGTERM").exec());
  }

  void pause() throws TestbedException {
    ask(() -> docker.pauseContainerCmd(name).exec());
  }

  void resume() throws TestbedException {
    ask(() -> docker.unpauseContainerCmd(name).exec());
  }

  void start() throws TestbedException {
    ask(() -> docker.startContainerCmd(name).exec());
  }

  /** Takes it and its anonymous volumes away. */
  void remove() throws TestbedException {
    ask(() -> docker.removeContainerCmd(name).withForce(true).withRemoveVolumes(true).exec());
  }

  /** Waits until it has ended and Docker has taken its address back; tells how it ended. */
  Info awaitEnd(Duration limit) throws TestbedException {
    long end = System.nanoTime() + limit.toNanos();
    for (Info info = info(); System.nanoTime() - end < 0; info = info()) {
      if (!info.running()) {
        return info;
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    throw new TestbedException(name + " did not end within " + limit.toSeconds() + " s");
  }

  /** All that it wrote so far, over all its starts. */
  Written written() throws TestbedException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    ResultCallback.Adapter<Frame> into =
        new ResultCallback.Adapter<>() {
          @Override
          public void onNext(Frame frame) {
            (frame.getStreamType() == StreamType.STDERR ? errors : output)
                .writeBytes(frame.getPayload());
          }
        };
    ask(
        () ->
            docker
                .logContainerCmd(name)
                .withStdOut(true)
                .withStdErr(true)
                .withTailAll()
                .exec(into));
    try {
      if (!into.awaitCompletion(LOG_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TestbedException("the log of " + name + " has no end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TestbedException("interrupted while reading the log of " + name);
    }
    return new Written(
        output.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
  }

  private <T> T ask(Supplier<T> question) throws TestbedException {
    try {
      return question.get();
    } catch (DockerException e) {
      throw new TestbedException(name, e);
    }
  }
}
