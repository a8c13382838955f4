package dev.backline.testbed.driver;

import dev.backline.testbed.load.Clock;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * What to start.
 *
 * @param directory for configurations, tokens, logs and ledgers; those of an earlier run are
 *     removed
 * @param topology which nodes at first
 * @param serviceTime of each request on each backend, its starts included
 * @param clock of all moments
 * @param progress told what is being done, a line each
 */
public record Setup(
    Path directory,
    Programs programs,
    AddressPlan addresses,
    Topology topology,
    ServiceTime serviceTime,
    Clock clock,
    Consumer<String> progress) {

  /** How long a backend takes: the {@code delay} fault's parameters; 0 for none. */
  public record ServiceTime(int millis, int jitterMillis) {
    public static final ServiceTime NONE = new ServiceTime(0, 0);

    /** 20 to 100 ms: long enough that a fault always finds something in flight. */
    public static final ServiceTime OF_DRILLS = new ServiceTime(60, 40);

    public JsonObject parameters() {
      return new JsonObject().put("millis", millis).put("jitter_millis", jitterMillis);
    }
  }
}
