package dev.backline.balancer.balance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EligibilityTest {
  private static final String TABLE =
      """
      UNPROVEN   READY NONE         DRAIN NONE  MAINTENANCE NONE
      UP         READY PREFERRED    DRAIN NONE  MAINTENANCE NONE
      SUSPECT    READY SUSPECT      DRAIN NONE  MAINTENANCE NONE
      EJECTED    READY LAST_RESORT  DRAIN NONE  MAINTENANCE NONE
      TRIAL      READY TRIAL        DRAIN NONE  MAINTENANCE NONE
      DOWN       READY LAST_RESORT  DRAIN NONE  MAINTENANCE NONE
      REFUSING   READY NONE         DRAIN NONE  MAINTENANCE NONE
      DRAINING   READY NONE         DRAIN NONE  MAINTENANCE NONE
      """;

  @Test
  void wishAndVerdictTogetherDecide() {
    List<String> rows = new ArrayList<>();
    for (Verdict verdict : Verdict.values()) {
      StringBuilder row = new StringBuilder(verdict.name());
      for (AdminState admin : AdminState.values()) {
        row.append(' ').append(admin).append(' ').append(Eligibility.of(admin, verdict));
      }
      rows.add(row.toString());
    }
    assertThat(rows).isEqualTo(TABLE.replaceAll(" +", " ").lines().toList());
  }

  @Test
  void orderIsFromBestToWorst() {
    assertThat(Eligibility.values())
        .containsExactly(
            Eligibility.PREFERRED,
            Eligibility.TRIAL,
            Eligibility.SUSPECT,
            Eligibility.LAST_RESORT,
            Eligibility.NONE);
  }
}
