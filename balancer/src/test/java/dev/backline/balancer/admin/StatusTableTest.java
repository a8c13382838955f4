package dev.backline.balancer.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

class StatusTableTest {
  private static JsonObject backend(
      String name, String admin, String health, long sinceMillis, double headMillis, String why) {
    return new JsonObject()
        .put("name", name)
        .put("address", "127.0.0.1:300" + name.charAt(name.length() - 1))
        .put("weight", 1)
        .put("admin", admin)
        .put("health", health)
        .put("eligible", true)
        .put("reason", why)
        .put("sinceMillis", sinceMillis)
        .put("inFlight", 3)
        .put("attempts", 1234)
        .put("failures", 2)
        .put("headMillis", headMillis)
        .put("lastProbe", "200 in 1.2 ms");
  }

  private static JsonObject status(boolean panic, long localFailures) {
    return new JsonObject()
        .put(
            "member",
            new JsonObject()
                .put("name", "balancer-1")
                .put("version", "0.1.0")
                .put("state", "ready")
                .put("uptimeMillis", 3_723_000L))
        .put("snapshot", 17)
        .put("listeners", new JsonArray().add("127.0.0.1:8080").add("[::1]:8080"))
        .put("exchangesInFlight", 5)
        .put("queued", 1)
        .put("accessLogDropped", 0)
        .put("localFailures", localFailures)
        .put("clientsRefused", localFailures / 2)
        .put(
            "pools",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("name", "dumbsound")
                        .put("panic", panic)
                        .put("policy", "power of two choices")
                        .put(
                            "backends",
                            new JsonArray()
                                .add(backend("b-1", "ready", "up", 59_999, 1.432, "passes: 200"))
                                .add(
                                    backend("backend-2", "drain", "down", 61_000, 0, "refused")))));
  }

  @Test
  void statusIsATableThatSaysWhy() {
    assertThat(StatusTable.of(status(false, 0)))
        .isEqualTo(
            """
            balancer-1 0.1.0, ready for 1h 2m; listens on 127.0.0.1:8080, [::1]:8080; 5 in flight, 1 queued

            pool dumbsound (power of two choices)
              BACKEND    ADDRESS         WEIGHT  HEALTH       SINCE  IN FLIGHT  ATTEMPTS  FAILED  HEAD    WHY
              b-1        127.0.0.1:3001  1       up           59s    3          1234      2       1.4 ms  passes: 200
              backend-2  127.0.0.1:3002  1       drain, down  1m 1s  3          1234      2       -       refused
            """);
  }

  @Test
  void nameThatBackendsComeFromIsToldWithItsAnswer() {
    JsonObject status = status(false, 0);
    JsonObject pool = status.getJsonArray("pools").getJsonObject(0);
    pool.put(
        "source",
        new JsonObject()
            .put("kind", "dns")
            .put("dns", "sample-backend:3000")
            .put("answer", "no such name")
            .put("known", true)
            .put("backends", 0)
            .put("agoMillis", 61_000));
    pool.getJsonArray("backends").getJsonObject(0).put("unlisted", true);

    assertThat(StatusTable.of(status))
        .contains(
            """
            pool dumbsound (power of two choices)
              from the name sample-backend:3000: no such name, 1m 1s ago
              BACKEND    ADDRESS         WEIGHT  HEALTH        SINCE""")
        .contains("1       up, unlisted  59s");
  }

  @Test
  void nameWithoutAnAnswerYetSaysSo() {
    JsonObject status = status(false, 0);
    status
        .getJsonArray("pools")
        .getJsonObject(0)
        .put(
            "source",
            new JsonObject().put("kind", "dns").put("dns", "a:1").put("answer", "none yet"));

    assertThat(StatusTable.of(status)).contains("  from the name a:1: none yet\n");
  }

  @Test
  void registrationIsToldWithWhatIsLeftOfTheLease() {
    JsonObject status = status(false, 0);
    JsonObject pool = status.getJsonArray("pools").getJsonObject(0);
    pool.put("source", new JsonObject().put("kind", "registration").put("leaseMillis", 10_000));
    JsonArray backends = pool.getJsonArray("backends");
    backends.getJsonObject(0).put("leaseLeftMillis", 8_900);
    backends.getJsonObject(1).put("leaseLeftMillis", 0);

    assertThat(StatusTable.of(status))
        .contains("  its backends register themselves, for 10s at a time\n")
        .contains("passes: 200; registered, lease 8s left\n")
        .contains(
            "refused; registered, lease over: a member that may have taken its renewals is silent\n");
  }

  @Test
  void whatIsForOtherMembersIsTold() {
    JsonObject status = status(false, 0);
    JsonObject pool = status.getJsonArray("pools").getJsonObject(0);
    pool.put("used", 1);
    pool.getJsonArray("backends").getJsonObject(0).put("used", true);
    pool.getJsonArray("backends").getJsonObject(1).put("used", false);

    assertThat(StatusTable.of(status))
        .contains(
            """
            pool dumbsound (power of two choices)
              this member uses 1 of 2, the others are for other members
            """)
        .contains("1       up                               59s")
        .contains("1       drain, down, outside the subset  1m 1s");
  }

  @Test
  void clusterIsToldAndWhereItsMembersDisagree() {
    JsonObject status = status(false, 0);
    JsonObject backend =
        status.getJsonArray("pools").getJsonObject(0).getJsonArray("backends").getJsonObject(0);
    JsonObject same = new JsonObject().put("health", backend.getString("health")).put("reason", "");
    JsonObject other = new JsonObject().put("health", "down").put("reason", "refused");
    backend.put("peers", new JsonObject().put("balancer-2", same).put("balancer-3", other));
    JsonObject cluster =
        new JsonObject()
            .put("joined", true)
            .put("members", 3)
            .put("live", new JsonArray().add("balancer-2").add("balancer-3"))
            .put("refused", 0L);

    assertThat(StatusTable.of(status.put("cluster", cluster)))
        .contains("\ncluster: hears balancer-2, balancer-3\n")
        .contains(backend.getString("reason") + "; balancer-3: down (refused)\n")
        .doesNotContain("; balancer-2");
    cluster.put("live", new JsonArray()).put("refused", 4L);
    assertThat(StatusTable.of(status))
        .contains("cluster: no other member is heard; refused 4 records with a wrong signature\n");
    cluster.put("joined", false).put("refused", 0L);
    assertThat(StatusTable.of(status)).contains("cluster: not joined yet\n");
  }

  @Test
  void panicAndLocalFailuresAreTold() {
    assertThat(StatusTable.of(status(true, 7)))
        .contains(
            "pool dumbsound (power of two choices)"
                + "  PANIC: no backend is well, so those that accept connections are used\n")
        .endsWith(
            """
            this machine itself failed 7 connections
            3 clients were refused: too few file descriptors (see ulimit -n)
            """);
  }
}
