package dev.backline.testbed.driver;

import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.http.ControlCall;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Asks the balancer's admin API and the backends' fault API. */
public final class AdminClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration PATIENT = Duration.ofSeconds(15);

  private final ControlCall calls = new ControlCall();
  private final Path tokenFile;

  public AdminClient(Path tokenFile) {
    this.tokenFile = tokenFile;
  }

  public PoolStatus status(Address admin) throws TestbedException {
    return PoolStatus.fromJson(admin("GET", admin, "/v1/status", TIMEOUT).body());
  }

  public boolean ready(Address admin) {
    return answersOk(admin, "/readyz");
  }

  public boolean healthy(Address backend) {
    return answersOk(backend, "/health");
  }

  private boolean answersOk(Address to, String path) {
    try {
      return calls.send("GET", to, path, "", "", TIMEOUT).status() == 200;
    } catch (IOException e) {
      // No answer: not yet, or not any more.
      return false;
    }
  }

  /** Makes the balancer read its configuration; returns the snapshot that has it. */
  long reload(Address admin) throws TestbedException {
    ControlCall.Answer answer = admin("POST", admin, "/v1/reload", PATIENT);
    return answer.body().getLong("snapshot", 0L);
  }

  public void setFault(Address backend, String fault, JsonObject parameters)
      throws TestbedException {
    call("PUT", backend, "/testbed/faults/" + fault, "", parameters.encode(), TIMEOUT);
  }

  public void clearFault(Address backend, String fault) throws TestbedException {
    call("DELETE", backend, "/testbed/faults/" + fault, "", "", TIMEOUT);
  }

  private ControlCall.Answer admin(String method, Address admin, String path, Duration timeout)
      throws TestbedException {
    try {
      return call(method, admin, path, Files.readString(tokenFile).strip(), "", timeout);
    } catch (IOException e) {
      throw new TestbedException("cannot read the admin token " + tokenFile, e);
    }
  }

  private ControlCall.Answer call(
      String method, Address to, String path, String token, String body, Duration timeout)
      throws TestbedException {
    String what = method + " http://" + to + path;
    try {
      ControlCall.Answer answer = calls.send(method, to, path, token, body, timeout);
      if (!answer.ok()) {
        throw new TestbedException(
            "%s was answered %d: %s".formatted(what, answer.status(), answer.text().strip()));
      }
      return answer;
    } catch (IOException e) {
      throw new TestbedException(what + " was not answered", e);
    }
  }
}
