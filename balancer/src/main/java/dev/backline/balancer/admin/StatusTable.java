package dev.backline.balancer.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A member's status as a table that a person reads. Pure. */
public final class StatusTable {
  private static final String[] HEAD = {
    "BACKEND",
    "ADDRESS",
    "WEIGHT",
    "HEALTH",
    "SINCE",
    "IN FLIGHT",
    "ATTEMPTS",
    "FAILED",
    "HEAD",
    "WHY"
  };

  private StatusTable() {}

  /** Returns the answer of {@code GET /v1/status} as lines of text. */
  public static String of(JsonObject status) {
    JsonObject member = status.getJsonObject("member");
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            "%s %s, %s for %s; listens on %s; %d in flight, %d queued%n",
            member.getString("name"),
            member.getString("version"),
            member.getString("state"),
            span(member.getLong("uptimeMillis")),
            String.join(", ", strings(status.getJsonArray("listeners"))),
            status.getLong("exchangesInFlight"),
            status.getInteger("queued")));
    JsonObject cluster = status.getJsonObject("cluster");
    if (cluster != null) {
      appendCluster(text, cluster);
    }
    for (Object pool : status.getJsonArray("pools")) {
      appendPool(text, (JsonObject) pool);
    }
    long localFailures = status.getLong("localFailures");
    if (localFailures > 0) {
      text.append("this machine itself failed ").append(localFailures).append(" connections\n");
    }
    long clientsRefused = status.getLong("clientsRefused");
    if (clientsRefused > 0) {
      text.append(clientsRefused)
          .append(" clients were refused: too few file descriptors (see ulimit -n)\n");
    }
    return text.toString();
  }

  private static void appendCluster(StringBuilder text, JsonObject cluster) {
    List<String> live = strings(cluster.getJsonArray("live"));
    text.append("cluster: ");
    if (!cluster.getBoolean("joined")) {
      text.append("not joined yet");
    } else if (live.isEmpty()) {
      text.append("no other member is heard");
    } else {
      text.append("hears ").append(String.join(", ", live));
    }
    long refused = cluster.getLong("refused");
    if (refused > 0) {
      text.append("; refused ").append(refused).append(" records with a wrong signature");
    }
    text.append('\n');
  }

  /** What other members say, where it isn't what this one says. */
  private static String disagreement(JsonObject backend) {
    StringBuilder text = new StringBuilder();
    JsonObject peers = backend.getJsonObject("peers", new JsonObject());
    for (String peer : peers.fieldNames()) {
      JsonObject said = peers.getJsonObject(peer);
      if (!said.getString("health").equals(backend.getString("health"))) {
        text.append("; ").append(peer).append(": ").append(said.getString("health"));
        text.append(" (").append(said.getString("reason")).append(')');
      }
    }
    return text.toString();
  }

  private static void appendPool(StringBuilder text, JsonObject pool) {
    text.append('\n').append("pool ").append(pool.getString("name"));
    text.append(" (").append(pool.getString("policy")).append(')');
    if (pool.getBoolean("panic")) {
      text.append("  PANIC: no backend is well, so those that accept connections are used");
    }
    text.append('\n');
    JsonObject source = pool.getJsonObject("source", new JsonObject());
    if (source.containsKey("dns")) {
      text.append("  from the name ").append(source.getString("dns")).append(": ");
      text.append(source.getString("answer"));
      Long ago = source.getLong("agoMillis");
      text.append(ago == null ? "" : ", " + span(ago) + " ago").append('\n');
    }
    if ("registration".equals(source.getString("kind"))) {
      text.append("  its backends register themselves, for ");
      text.append(span(source.getLong("leaseMillis"))).append(" at a time\n");
    }
    JsonArray backends = pool.getJsonArray("backends");
    int used = pool.getInteger("used", backends.size());
    if (used < backends.size()) {
      text.append("  this member uses ").append(used).append(" of ").append(backends.size());
      text.append(", the others are for other members\n");
    }
    List<String[]> rows = new ArrayList<>();
    rows.add(HEAD);
    for (Object backend : backends) {
      rows.add(row((JsonObject) backend));
    }
    int[] widths = new int[HEAD.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder("  ");
      for (int i = 0; i < row.length; i++) {
        line.append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 2));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  private static String[] row(JsonObject backend) {
    String admin = backend.getString("admin");
    String health = backend.getString("health");
    double head = backend.getDouble("headMillis");
    return new String[] {
      backend.getString("name"),
      backend.getString("address"),
      String.valueOf(backend.getInteger("weight")),
      (admin.equals("ready") ? health : admin + ", " + health)
          + (backend.getBoolean("unlisted", false) ? ", unlisted" : "")
          + (backend.getBoolean("used", true) ? "" : ", outside the subset"),
      span(backend.getLong("sinceMillis")),
      String.valueOf(backend.getInteger("inFlight")),
      String.valueOf(backend.getLong("attempts")),
      String.valueOf(backend.getLong("failures")),
      head == 0 ? "-" : String.format(Locale.ROOT, "%.1f ms", head),
      backend.getString("reason") + lease(backend) + disagreement(backend)
    };
  }

  private static String lease(JsonObject backend) {
    Long left = backend.getLong("leaseLeftMillis");
    if (left == null) {
      return "";
    }
    return left == 0
        ? "; registered, lease over: a member that may have taken its renewals is silent"
        : "; registered, lease " + span(left) + " left";
  }

  private static String span(long millis) {
    long seconds = millis / 1_000;
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + "m " + seconds % 60 + "s";
    }
    return seconds / 3_600 + "h " + seconds % 3_600 / 60 + "m";
  }

  private static List<String> strings(JsonArray array) {
    return array.stream().map(String::valueOf).toList();
  }
}
