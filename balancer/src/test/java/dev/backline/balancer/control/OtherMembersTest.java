package dev.backline.balancer.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.model.MemberId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who is heard, who is missed, and who is neither. */
class OtherMembersTest {
  private static final MemberId TWO = new MemberId("balancer-2");
  private static final MemberId THREE = new MemberId("balancer-3");
  private static final long DAY = OtherMembers.MISSED_NANOS;

  private final OtherMembers others = new OtherMembers(OtherMembers.Checkpoint.START);

  @Test
  void whoFallsSilentIsMissedUntilItIsHeardAgain() {
    assertThat(others.onHeard(List.of(TWO, THREE), 0)).isEmpty();
    assertThat(others.isAnyMissed(0)).isFalse();
    assertThat(others.onHeard(List.of(THREE), 1)).containsExactly(TWO);
    assertThat(others.live()).containsExactly(THREE);
    assertThat(others.isAnyMissed(1)).isTrue();
    assertThat(others.silentNanos(5)).isEqualTo(Map.of(TWO, 4L));

    assertThat(others.onHeard(List.of(TWO, THREE), 2)).isEmpty();
    assertThat(others.isAnyMissed(2)).isFalse();
  }

  @Test
  void whoLeavesIsNotMissedWhetherItWasSilentBeforeOrNot() {
    others.onHeard(List.of(TWO, THREE), 0);
    others.onHeard(List.of(THREE), 1);
    others.onLeft(TWO);
    others.onLeft(THREE);
    assertThat(others.onHeard(List.of(), 2)).isEmpty();
    assertThat(others.isAnyMissed(2)).isFalse();
    assertThat(others.silentNanos(2)).isEmpty();
  }

  @Test
  void whoIsMissedIsForgottenAfterADay() {
    others.onHeard(List.of(TWO, THREE), 0);
    others.onHeard(List.of(THREE), 1);
    assertThat(others.isAnyMissed(DAY)).isTrue();
    assertThat(others.isAnyMissed(DAY + 1)).isFalse();
    assertThat(others.silentNanos(DAY + 1)).isEmpty();
  }

  /** An earlier life knew them; that one of them is heard already may come first. */
  @Test
  void whoIsRecalledIsMissedUnlessItIsHeard() {
    others.onHeard(List.of(TWO), 0);
    others.onRecalled(Map.of(TWO, 7L), 1);
    assertThat(others.isAnyMissed(1)).isFalse();
    others.onRecalled(Map.of(TWO, 7L, THREE, 5L), 2);
    assertThat(others.isAnyMissed(2)).isTrue();
    assertThat(others.silentNanos(3)).isEqualTo(Map.of(THREE, 6L));
    assertThat(others.isAnyMissed(DAY - 3)).as("forgotten a day after it fell silent").isFalse();
    others.onRecalled(Map.of(THREE, 5L), 2);
    others.onHeard(List.of(TWO, THREE), 3);
    assertThat(others.isAnyMissed(3)).isFalse();
  }
}
