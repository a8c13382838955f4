package dev.backline.balancer.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.PoolName;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimelineTest {
  @Test
  void timelineTellsWhatWasSeenAndWhatBecameOfIt() {
    Recorded recorded = Recorded.withTwoUp();
    recorded.tell(Recorded.passed(Recorded.TWO));
    recorded.tell(Recorded.passed(Recorded.ONE));
    recorded.tell(Recorded.passed(Recorded.ONE));
    recorded.tell(Recorded.failed(Recorded.ONE));
    recorded.tell(Recorded.probed(Recorded.ONE, ProbeResult.failed(Cause.TIMEOUT)));

    assertThat(words(Timeline.of(recorded.incident(), Recorded.WEB, Recorded.ONE.id())))
        .containsExactly(
            "-998  * listed",
            "-997    probe passed: 200",
            "-997  * unproven -> up: passes: 200",
            "-994    probe passed: 200, 2 times until -993",
            "-992    probe failed: answers 500",
            "-992  * up -> suspect: answers 500",
            "-991    probe failed: timeout",
            "-991  * suspect -> down: timeout");
  }

  @Test
  void timelineTellsOfEveryKind() {
    Incident incident = Recorded.withEverything().incident();

    assertThat(words(Timeline.of(incident, Recorded.WEB, Recorded.ONE.id())))
        .containsExactly(
            "-998  * listed",
            "-997    probe passed: 200",
            "-997  * unproven -> up: passes: 200",
            "-995    the configuration was read",
            "-987    balancer-2 says: down: refused",
            "-987  * up -> suspect: balancer-2 says: refused",
            "-985    an attempt waits for longer than usual",
            "-985    nothing is heard: an attempt waits for 150 ms, at most 60 ms would be usual",
            "-985    heard",
            "-985    a kept connection failed: reset",
            "-985    a request: answers \"500\" \u00e9",
            "-985    this member itself failed: no file descriptors left here",
            "-985  * suspect -> up: heard again",
            "-985  * up -> suspect: reset",
            "-984    quick probe failed: timeout",
            "-983    probe is told that it stops",
            "-983  * suspect -> draining: announces its stop",
            "-982    this member stood still for 300 ms",
            "-981    balancer-2 has left");
    assertThat(words(Timeline.of(incident, Recorded.WEB, Recorded.TWO.id())))
        .endsWith("-980  * an operator wants it drain");
  }

  @Test
  void backendThatIsNoLongerListedIsTold() {
    Recorded recorded = Recorded.withTwoUp();
    recorded.tell(new Event.BackendsListed(Recorded.WEB, List.of(Recorded.TWO)));
    recorded.tell(Recorded.failed(Recorded.TWO));

    assertThat(words(Timeline.of(recorded.incident(), Recorded.WEB, Recorded.ONE.id())))
        .endsWith("-995  * no longer listed");
  }

  @Test
  void backendsAreFoundByNameAndByAddress() {
    Incident incident = Recorded.withEverything().incident();

    List<Timeline.Listed> listed = Timeline.listed(incident);

    assertThat(listed)
        .extracting(each -> each.pool() + " " + each.backend().name())
        .containsExactly("web backend-1", "web backend-2", "names backend-1", "words a");
    Timeline.Listed second = listed.get(1);
    assertThat(second.isCalled("backend-2")).isTrue();
    assertThat(second.isCalled("[2001:db8::2]:3000")).isTrue();
    assertThat(second.isCalled("backend-1")).isFalse();
    assertThat(Timeline.of(incident, new PoolName("none"), Recorded.ONE.id())).isEmpty();
  }

  private static List<String> words(List<Timeline.Line> lines) {
    return lines.stream()
        .map(
            line ->
                line.fromNanos() / Recorded.MILLI
                    + (line.turn() ? "  * " : "    ")
                    + line.words()
                    + (line.times() == 1
                        ? ""
                        : ", %d times until %d"
                            .formatted(line.times(), line.toNanos() / Recorded.MILLI)))
        .toList();
  }
}
