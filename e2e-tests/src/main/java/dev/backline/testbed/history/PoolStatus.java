package dev.backline.testbed.history;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * What a balancer's {@code GET /v1/status} says, as much of it as the testbed uses.
 *
 * @param member the balancer that says it
 * @param live the other members that it hears
 */
public record PoolStatus(
    String member,
    String state,
    long snapshot,
    long exchangesInFlight,
    long queued,
    boolean panic,
    boolean inCluster,
    List<String> live,
    List<BackendStatus> backends) {
  public PoolStatus {
    live = List.copyOf(live);
    backends = List.copyOf(backends);
  }

  /** One backend in the balancer's eyes. */
  public record BackendStatus(
      String name,
      String address,
      int weight,
      String admin,
      String health,
      boolean eligible,
      String reason,
      long sinceMillis,
      long inFlight,
      long attempts,
      long failures,
      String lastProbe) {

    BackendStatus named(String other) {
      return new BackendStatus(
          other,
          address,
          weight,
          admin,
          health,
          eligible,
          reason,
          sinceMillis,
          inFlight,
          attempts,
          failures,
          lastProbe);
    }
  }

  public boolean eligible(String backend) {
    return backend(backend).map(BackendStatus::eligible).orElse(false);
  }

  /** Which of these members, itself apart, it doesn't hear. */
  public List<String> unheard(Collection<String> members) {
    return members.stream().filter(m -> !m.equals(member) && !live.contains(m)).toList();
  }

  /** The backend of that name; empty if it isn't listed. */
  public Optional<BackendStatus> backend(String name) {
    return backends.stream().filter(b -> b.name().equals(name)).findFirst();
  }

  public boolean lists(String backend) {
    return backend(backend).isPresent();
  }

  /** The same with other names of its backends and members. */
  public PoolStatus withNames(
      Function<BackendStatus, String> names, UnaryOperator<String> members) {
    return new PoolStatus(
        members.apply(member),
        state,
        snapshot,
        exchangesInFlight,
        queued,
        panic,
        inCluster,
        live.stream().map(members).toList(),
        backends.stream().map(b -> b.named(names.apply(b))).toList());
  }

  public static PoolStatus fromJson(JsonObject json) {
    List<BackendStatus> backends = new ArrayList<>();
    boolean panic = false;
    for (Object each : json.getJsonArray("pools", new JsonArray())) {
      JsonObject pool = (JsonObject) each;
      panic |= pool.getBoolean("panic", false);
      for (Object backend : pool.getJsonArray("backends", new JsonArray())) {
        backends.add(backend((JsonObject) backend));
      }
    }
    JsonObject member = json.getJsonObject("member", new JsonObject());
    return new PoolStatus(
        member.getString("name", ""),
        member.getString("state", ""),
        json.getLong("snapshot", 0L),
        json.getLong("exchangesInFlight", 0L),
        json.getLong("queued", 0L),
        panic,
        json.containsKey("cluster"),
        live(json.getJsonObject("cluster", new JsonObject())),
        backends);
  }

  private static List<String> live(JsonObject cluster) {
    return cluster.getJsonArray("live", new JsonArray()).stream().map(String::valueOf).toList();
  }

  private static BackendStatus backend(JsonObject json) {
    return new BackendStatus(
        json.getString("name", ""),
        json.getString("address", ""),
        json.getInteger("weight", 1),
        json.getString("admin", ""),
        json.getString("health", ""),
        json.getBoolean("eligible", false),
        json.getString("reason", ""),
        json.getLong("sinceMillis", 0L),
        json.getLong("inFlight", 0L),
        json.getLong("attempts", 0L),
        json.getLong("failures", 0L),
        json.getString("lastProbe", ""));
  }
}
