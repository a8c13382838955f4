package dev.backline.testbed.driver;

import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.http.ControlCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Asks the admin API of one balancer. */
public final class AdminClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration PATIENT = Duration.ofSeconds(15);

  private final ControlCall unchecked = new ControlCall();
  private final CheckedCall calls = new CheckedCall();
  private final Path tokenFile;

  public AdminClient(Path tokenFile) {
    this.tokenFile = tokenFile;
  }

  public PoolStatus status(Address admin) throws TestbedException {
    return PoolStatus.fromJson(send("GET", admin, "/v1/status", TIMEOUT).body());
  }

  /** Returns what the balancer was told lately, to be replayed: lines of JSON. */
  public String incident(Address admin) throws TestbedException {
    return send("GET", admin, "/v1/incident", PATIENT).text();
  }

  public boolean ready(Address admin) {
    try {
      return unchecked.send("GET", admin, "/readyz", "", "", TIMEOUT).status() == 200;
    } catch (IOException e) {
      // No answer: not ready.
      return false;
    }
  }

  /** Makes the balancer read its configuration; returns the snapshot that has it. */
  long reload(Address admin) throws TestbedException {
    return send("POST", admin, "/v1/reload", PATIENT).body().getLong("snapshot", 0L);
  }

  private ControlCall.Answer send(String method, Address admin, String path, Duration timeout)
      throws TestbedException {
    return calls.send(method, admin, path, token(), "", timeout);
  }

  private String token() throws TestbedException {
    try {
      return Files.readString(tokenFile).strip();
    } catch (IOException e) {
      throw new TestbedException("cannot read the admin token " + tokenFile, e);
    }
  }
}
