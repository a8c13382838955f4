package dev.backline.testbed.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.testbed.check.Check;
import dev.backline.testbed.check.Judgement;
import dev.backline.testbed.check.NoneFailed;
import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Ledger;
import dev.backline.testbed.history.LedgerEntry;
import dev.backline.testbed.history.Machine;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.PoolStatus;
import dev.backline.testbed.history.Request;
import dev.backline.testbed.history.StatusSample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final Evidence evidence =
      new Evidence(
          "kill",
          "backend-1",
          3,
          Map.of(),
          Map.of("backend-1", 1),
          List.of(
              request("r-1", "GET", 1_500_000, 12_000, Fate.ANSWERED, 200, "backend-2"),
              request("r-2", "GET", 2_100_000, 30_000, Fate.ANSWERED, 200, "backend-2"),
              request("r-3", "POST", 1_990_000, 11_000, Fate.ANSWERED, 502, "")),
          List.of(
              new Ledger(
                  "backend-1",
                  List.of(
                      new LedgerEntry(
                          LedgerEntry.Event.BEGIN, "r-3", "POST", "/x", 0, 1_991_000)))),
          List.of(
              new Exchange(
                  "balancer-1",
                  0,
                  "r-1",
                  "GET",
                  "/x",
                  200,
                  "answered",
                  11,
                  List.of(attempt("answered 200"))),
              new Exchange(
                  "balancer-1",
                  0,
                  "r-2",
                  "GET",
                  "/x",
                  200,
                  "answered",
                  29,
                  List.of(attempt("refused"), attempt("answered 200"))),
              new Exchange(
                  "balancer-1",
                  0,
                  "r-3",
                  "POST",
                  "/x",
                  502,
                  "maybe-executed",
                  10,
                  List.of(attempt("reset before head")))),
          List.of(sample(1_950_000, "up", true), sample(2_040_000, "suspect", false)),
          List.of(
              moment(Moment.Kind.LOAD_BEGAN, "load", 0, "200 requests a second"),
              moment(Moment.Kind.FAULT, "backend-1", 2_000_000, "SIGKILL")),
          new Machine(21, 1, 0, 0));

  @Test
  void failureIsToldWithTheViewsOfAllSides() {
    Report report = report(NoneFailed.ofAnyMethod());

    assertThat(report.text().lines())
        .containsExactly(
            "drill kill: FAIL",
            "  backend-1 dies",
            "  no request failed: 1 failed, the first: POST answered 502 (expected: 0)",
            "",
            "  requests      sent       ok   failed  retried",
            "  GET              2        2        0        1",
            "  POST             1        0        1        0",
            "    1 x POST answered 502",
            "",
            "  latency   requests   p50 ms   p99 ms   max ms",
            "  before           1     12.0     12.0     12.0",
            "  during           2     11.0     30.0     30.0",
            "  detected after 40.0 ms",
            "",
            "  FAIL    no request failed: 1 failed, the first: POST answered 502 (expected: 0)",
            "",
            "  backend-1 in the balancers' eyes (s since the load began)",
            "    1.950  balancer-1  up: refused",
            "    2.040  balancer-1  suspect, not eligible: refused",
            "",
            "  r-3 POST /x: sent at 1.990, answered 502 after 11.0 ms, connection 4",
            "      access log of balancer-1: maybe-executed, 502 after 10.0 ms",
            "        attempt on backend-1: reset before head, from 0.2 ms for 1.0 ms",
            "      ledger of backend-1: begin at 1.991",
            "  timeline (s)",
            "    0.000 to 0.000  LOAD_BEGAN   load 200 requests a second",
            "    2.000 to 2.000  FAULT        backend-1 SIGKILL");
  }

  @Test
  void passIsToldWithoutAStory() {
    Report report = report(NoneFailed.ofIdempotentMethods());

    assertThat(report.text())
        .startsWith("drill kill: PASS\n  backend-1 dies\n  all 1 checks hold\n")
        .contains("  PASS    no GET or PUT failed: 0 failed\n")
        .doesNotContain("timeline");
    assertThat(report.json().getString("result")).isEqualTo("PASS");
    assertThat(report.json().getLong("detectedMicros")).isEqualTo(40_000);
    assertThat(report.json().getJsonArray("methods").getJsonObject(1).getInteger("failed"))
        .isEqualTo(1);
  }

  @Test
  void percentilesAreByNearestRank() {
    long[] values = new long[200];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 1L;
    }
    assertThat(Figures.percentile(values, 50)).isEqualTo(100);
    assertThat(Figures.percentile(values, 99)).isEqualTo(198);
    assertThat(Figures.percentile(new long[] {7}, 99)).isEqualTo(7);
  }

  private Report report(Check check) {
    return Report.of("backend-1 dies", Judgement.of(evidence, List.of(check)), evidence);
  }

  private static Request request(
      String id, String method, long at, long took, Fate fate, int status, String servedBy) {
    return new Request(
        id,
        method,
        "/x",
        at,
        at,
        at + took,
        fate,
        status,
        servedBy,
        "127.0.0.1:8080",
        4,
        true,
        2,
        "");
  }

  private static StatusSample sample(long at, String health, boolean eligible) {
    PoolStatus.BackendStatus backend =
        new PoolStatus.BackendStatus(
            "backend-1", "x:1", 1, "ready", health, eligible, "refused", 1, 0, 1, 1, "");
    return new StatusSample(
        "balancer-1",
        at,
        new PoolStatus("balancer-1", "ready", 2, 0, 0, false, false, List.of(), List.of(backend)));
  }

  private static Exchange.Attempt attempt(String fate) {
    return new Exchange.Attempt("backend-1", "127.0.0.11:3000", 0.2, 1, fate);
  }

  private static Moment moment(Moment.Kind kind, String subject, long at, String text) {
    return new Moment(kind, subject, at, at, text);
  }
}
