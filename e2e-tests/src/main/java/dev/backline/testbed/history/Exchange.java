package dev.backline.testbed.history;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One line of a balancer's access log: an exchange and each attempt that it made.
 *
 * @param member the balancer that wrote it
 * @param beganMicros when it began, on the machine's clock, in whole milliseconds
 */
public record Exchange(
    String member,
    long beganMicros,
    String id,
    String method,
    String path,
    int status,
    String outcome,
    double millis,
    List<Attempt> attempts) {
  public Exchange {
    attempts = List.copyOf(attempts);
  }

  /**
   * One try on one backend.
   *
   * @param startMillis since the exchange began
   * @param fate in the balancer's words: {@code answered 200}, {@code refused}, …
   */
  public record Attempt(
      String backend, String address, double startMillis, double millis, String fate) {

    public boolean answered() {
      return fate.startsWith("answered");
    }

    /** Whether the balancer says that no byte of the request was sent. */
    public boolean notSent() {
      return fate.startsWith("refused")
          || fate.startsWith("unreachable")
          || fate.startsWith("connect timeout");
    }
  }

  /** When an attempt of this exchange began, on the machine's clock. */
  public long beganMicros(Attempt attempt) {
    return beganMicros + Math.round(attempt.startMillis() * 1000);
  }

  /** When it ended. */
  public long endedMicros(Attempt attempt) {
    return beganMicros(attempt) + Math.round(attempt.millis() * 1000);
  }

  /** Its attempts on a backend. */
  public Stream<Attempt> attemptsOn(String backend) {
    return attempts.stream().filter(attempt -> attempt.backend().equals(backend));
  }

  /** Whether the answer that the client was given is that backend's. */
  public boolean isAnsweredBy(String backend) {
    return attemptsOn(backend).anyMatch(Attempt::answered);
  }

  /** Whether any attempt went to the backend of that name. */
  public boolean tried(String backend) {
    return attemptsOn(backend).findAny().isPresent();
  }

  /** The same with other names of its backends. */
  public Exchange withNames(Function<Attempt, String> names) {
    List<Attempt> renamed =
        attempts.stream()
            .map(
                a ->
                    new Attempt(names.apply(a), a.address(), a.startMillis(), a.millis(), a.fate()))
            .toList();
    return new Exchange(member, beganMicros, id, method, path, status, outcome, millis, renamed);
  }

  public static Exchange fromJson(String member, JsonObject json) {
    List<Attempt> attempts =
        json.getJsonArray("attempts").stream()
            .map(JsonObject.class::cast)
            .map(Exchange::attempt)
            .toList();
    return new Exchange(
        member,
        beganMicros(json),
        json.getString("id", ""),
        json.getString("method", ""),
        json.getString("path", ""),
        json.getInteger("status", 0),
        json.getString("outcome", ""),
        json.getDouble("millis", 0.0),
        attempts);
  }

  private static long beganMicros(JsonObject json) {
    Instant began = json.getInstant("time", Instant.EPOCH);
    return ChronoUnit.MICROS.between(Instant.EPOCH, began);
  }

  private static Attempt attempt(JsonObject json) {
    return new Attempt(
        json.getString("backend", ""),
        json.getString("address", ""),
        json.getDouble("startMillis", 0.0),
        json.getDouble("millis", 0.0),
        json.getString("fate", ""));
  }
}
