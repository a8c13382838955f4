package dev.backline.testbed.driver;

import dev.backline.testbed.http.Address;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** Sets and clears faults of sample backends. */
public final class FaultClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final CheckedCall calls = new CheckedCall();

  public void set(Address backend, String fault, JsonObject parameters) throws TestbedException {
    calls.send("PUT", backend, path(fault), "", parameters.encode(), TIMEOUT);
  }

  public void clear(Address backend, String fault) throws TestbedException {
    calls.send("DELETE", backend, path(fault), "", "", TIMEOUT);
  }

  private static String path(String fault) {
    return "/testbed/faults/" + fault;
  }
}
