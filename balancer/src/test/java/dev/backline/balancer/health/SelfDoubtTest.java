package dev.backline.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.health.SelfDoubt.Sight;
import dev.backline.balancer.health.SelfDoubt.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Backends as text: {@code .} heard, {@code x} unheard for 100 ms, {@code r} unheard but reached by
 * another member, {@code m} missed by another too, {@code b} both by different ones, {@code o}
 * unheard for long.
 */
final class SelfDoubtTest {
  private static final long MILLI = 1_000_000;

  private final SelfDoubt doubt = new SelfDoubt(SelfDoubt.Checkpoint.START);
  private long nowNanos = -5_000 * MILLI;

  @ParameterizedTest
  @CsvSource({
    "'', SURE",
    "x, SURE",
    "xx, SURE",
    "x.., SURE",
    "xx., ASKING",
    "xxx, ASKING",
    "xx.., SURE",
    "xxx., ASKING",
    "xxxx..., SURE",
    "xxxxx.., ASKING",
    "ooo, SURE",
    "oooox, SURE",
    "ooxx., ASKING",
    "rr., ISOLATED",
    "rx., ASKING",
    "rrx, ISOLATED",
    "mm., BELIEVES",
    "mx., ASKING",
    "mmr, BELIEVES",
    "rrm, ISOLATED",
    "bbb, ISOLATED",
  })
  void mostAtOnceIsMe(String backends, State state) {
    assertThat(update(backends, true)).isEqualTo(state);
  }

  @Test
  void aloneItBelievesWhatItSees() {
    assertThat(update("xxx", false)).isEqualTo(State.BELIEVES);
    assertThat(doubt.holds()).isFalse();
  }

  @Test
  void holdsWhileItAsksAndWhileItIsIsolated() {
    update("x..", true);
    assertThat(doubt.holds()).isFalse();
    update("xxx", true);
    assertThat(doubt.holds()).isTrue();
    update("rrr", true);
    assertThat(doubt.holds()).isTrue();
    assertThat(update("r..", true)).isEqualTo(State.RETURNING);
    assertThat(doubt.holds()).isTrue();
    assertThat(doubt.nextDeadlineNanos()).isEqualTo(nowNanos + 1_000 * MILLI);
    nowNanos += 1_000 * MILLI - 1;
    assertThat(update("...", true)).isEqualTo(State.RETURNING);
    nowNanos += 1;
    assertThat(update("...", true)).isEqualTo(State.SURE);
    assertThat(doubt.holds()).isFalse();
  }

  @Test
  void whoReturnsMayBeCutOffAgain() {
    update("rrr", true);
    update("...", true);
    assertThat(update("rrr", true)).isEqualTo(State.RETURNING);
    nowNanos += 1_000 * MILLI;
    assertThat(update("xxx", true)).isEqualTo(State.ASKING);
    assertThat(update("rrr", true)).isEqualTo(State.ISOLATED);
  }

  @Test
  void whoWasNotIsolatedTrustsItselfAtOnce() {
    update("xxx", true);
    assertThat(update("...", true)).isEqualTo(State.SURE);
    update("mmm", true);
    assertThat(update("...", true)).isEqualTo(State.SURE);
  }

  @Test
  void doesNotWaitForAnAnswerForEver() {
    assertThat(doubt.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
    update("xxx", true);
    assertThat(doubt.nextDeadlineNanos()).isEqualTo(nowNanos + 500 * MILLI);
    nowNanos += 500 * MILLI - 1;
    assertThat(update("xxx", true)).isEqualTo(State.ASKING);
    nowNanos += 1;
    assertThat(update("xxx", true)).isEqualTo(State.BELIEVES);
    assertThat(doubt.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void answerThatComesLateCounts() {
    update("xxx", true);
    nowNanos += 600 * MILLI;
    assertThat(update("xxx", true)).isEqualTo(State.BELIEVES);
    assertThat(update("rrr", true)).isEqualTo(State.ISOLATED);
    nowNanos += 1_000 * MILLI - 1;
    assertThat(update("mmm", true)).isEqualTo(State.ISOLATED);
    nowNanos += 1;
    assertThat(update("xxx", true)).isEqualTo(State.ISOLATED);
    assertThat(update("mmm", true)).isEqualTo(State.BELIEVES);
  }

  /** Those that fell silent when it began to doubt do so as long as they are. */
  @Test
  void isolationLastsUntilTheyAreHeard() {
    long sinceNanos = nowNanos - 100 * MILLI;
    List<Sight> isolated = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      isolated.add(new Sight(true, sinceNanos, true, false));
    }
    doubt.update(isolated, true, nowNanos);
    nowNanos += 60_000 * MILLI;
    doubt.update(isolated, true, nowNanos);
    assertThat(doubt.state()).isEqualTo(State.ISOLATED);
    assertThat(update("...", true)).isEqualTo(State.RETURNING);
  }

  private State update(String backends, boolean othersLive) {
    List<Sight> sights = new ArrayList<>();
    for (int i = 0; i < backends.length(); i++) {
      char backend = backends.charAt(i);
      long forMillis = backend == 'o' ? 1_001 : 100;
      boolean reached = backend == 'r' || backend == 'b';
      boolean missed = backend == 'm' || backend == 'b';
      sights.add(new Sight(backend != '.', nowNanos - forMillis * MILLI, reached, missed));
    }
    doubt.update(sights, othersLive, nowNanos);
    return doubt.state();
  }
}
