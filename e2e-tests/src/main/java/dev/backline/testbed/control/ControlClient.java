package dev.backline.testbed.control;

import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.http.ControlCall;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Has the running testbed perform a command, from another terminal. */
public final class ControlClient {
  /** An orderly end takes 23 s at most, a start 60 s. */
  private static final Duration TIMEOUT = Duration.ofSeconds(70);

  private ControlClient() {}

  /** The control file of the running testbed; says how to start one if there is none. */
  public static ControlFile running(Path directory) throws TestbedException {
    return ControlFile.read(directory)
        .orElseThrow(
            () ->
                new TestbedException(
                    "no testbed is running (expected: one, started with ./backline up)"));
  }

  /** Returns what was done, as a sentence. */
  public static String perform(Path directory, String command, String target)
      throws TestbedException {
    ControlFile file = running(directory);
    JsonObject order = new JsonObject().put("command", command).put("target", target);
    try {
      ControlCall.Answer answer =
          new ControlCall()
              .send(
                  "POST",
                  file.endpoint(),
                  ControlServer.PATH,
                  file.token(),
                  order.encode(),
                  TIMEOUT);
      if (!answer.ok()) {
        throw new TestbedException(
            TestbedException.Cause.ofExitCode(answer.body().getInteger("exitCode", 1)),
            answer.body().getString("error", answer.text()));
      }
      return answer.body().getString("message", "");
    } catch (IOException e) {
      throw new TestbedException("the testbed, process " + file.pid() + ", does not answer", e);
    }
  }
}
