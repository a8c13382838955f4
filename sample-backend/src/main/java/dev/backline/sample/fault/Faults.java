package dev.backline.sample.fault;

import dev.backline.sample.web.Answer;
import dev.backline.sample.web.Checked;
import dev.backline.sample.web.Interference;
import dev.backline.sample.web.PendingAnswer;
import dev.backline.sample.web.Request;
import dev.backline.sample.web.Resource;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The faults that are in effect, at most one of each name, and the resources that put and remove
 * them.
 *
 * <p>Owned by the event loop.
 */
public final class Faults implements Interference {
  private static final Logger LOG = System.getLogger(Faults.class.getName());

  private static final List<Name> ORDER = List.of(Name.values());

  private final RandomGenerator random;
  private final IntConsumer halt;
  private final Map<Name, Fault> faults = new EnumMap<>(Name.class);

  /**
   * In the order in which they act: late first, then not at all, then wrong, then sent wrongly; of
   * those the last that is there.
   */
  private enum Name {
    DELAY,
    HANG,
    CRASH,
    CLOSE,
    RESET,
    STATUS,
    HEALTH,
    KEEP_ALIVE,
    TRICKLE,
    TRUNCATE,
    FRAMING;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Nothing is wrong yet.
   *
   * @param halt ends the process at once, with an exit code
   */
  public Faults(RandomGenerator random, IntConsumer halt) {
    this.random = random;
    this.halt = halt;
  }

  @Override
  public void with(PendingAnswer answer, Runnable send) {
    act(0, answer, send);
  }

  public List<Resource> resources() {
    return List.of(
        Resource.at("/testbed/faults")
            .get(request -> list())
            .on(HttpMethod.DELETE, request -> removeAll()),
        Resource.at("/testbed/faults/:name")
            .on(HttpMethod.PUT, this::put)
            .on(HttpMethod.DELETE, this::remove));
  }

  /**
   * Lets the faults act that are there now, from this place in their order on. What was late or
   * held comes back here: faults come and go meanwhile.
   */
  private void act(int from, PendingAnswer answer, Runnable send) {
    for (int i = from; i < ORDER.size(); i++) {
      Fault fault = faults.get(ORDER.get(i));
      if (fault != null && touches(fault.scope(), answer)) {
        // A hang lets go when it is removed, or replaced by one that may hold on.
        int next = fault instanceof HangFault ? i : i + 1;
        fault.act(answer, () -> act(next, answer, send));
        return;
      }
    }
    send.run();
  }

  private boolean touches(Scope scope, PendingAnswer answer) {
    return scope.covers(answer.path()) && random.nextInt(100) < scope.percent();
  }

  private Answer list() {
    JsonObject listed = new JsonObject();
    faults.forEach((name, fault) -> listed.put(name.toString(), fault.parameters()));
    return Answer.momentary(200, JsonObject.of("faults", listed));
  }

  private Answer put(Request request) {
    return name(request)
        .fold(
            name ->
                request
                    .json()
                    .then(json -> create(name, json))
                    .fold(fault -> put(name, fault), message -> Answer.error(400, message)),
            message -> Answer.error(404, message));
  }

  private Answer put(Name name, Fault fault) {
    Fault before = faults.put(name, fault);
    if (before != null) {
      before.removed();
    }
    LOG.log(Level.INFO, "event=fault-put name=" + name + " parameters=" + fault.parameters());
    return Answer.momentary(200, JsonObject.of(name.toString(), fault.parameters()));
  }

  private Answer remove(Request request) {
    return name(request)
        .fold(
            name -> {
              remove(name);
              return Answer.empty();
            },
            message -> Answer.error(404, message));
  }

  /** Takes all out before the first lets go: what it held must not meet the others. */
  private Answer removeAll() {
    Map<Name, Fault> all = new EnumMap<>(faults);
    faults.clear();
    all.forEach(Faults::removed);
    return Answer.empty();
  }

  private void remove(Name name) {
    Fault fault = faults.remove(name);
    if (fault != null) {
      removed(name, fault);
    }
  }

  private static void removed(Name name, Fault fault) {
    fault.removed();
    LOG.log(Level.INFO, "event=fault-removed name=" + name);
  }

  private Checked<Fault> create(Name name, JsonObject json) {
    return switch (name) {
      case DELAY -> DelayFault.from(json, random);
      case HANG -> HangFault.from(json);
      case CRASH -> CrashFault.from(json, halt);
      case CLOSE -> CloseFault.from(json);
      case RESET -> ResetFault.from(json);
      case STATUS -> StatusFault.from(json);
      case HEALTH -> HealthFault.from(json);
      case KEEP_ALIVE -> KeepAliveFault.from(json);
      case TRICKLE -> TrickleFault.from(json);
      case TRUNCATE -> TruncateFault.from(json);
      case FRAMING -> FramingFault.from(json);
    };
  }

  private static Checked<Name> name(Request request) {
    String wanted = request.variable("name");
    for (Name name : Name.values()) {
      if (name.toString().equals(wanted)) {
        return Checked.valid(name);
      }
    }
    String names = Stream.of(Name.values()).map(Name::toString).collect(Collectors.joining(", "));
    return Checked.invalid("fault", wanted, names);
  }
}
