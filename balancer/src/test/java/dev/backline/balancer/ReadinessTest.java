package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.control.MemberState;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final Readiness readiness = new Readiness();

  @Test
  void startsServesAndDrains() {
    assertThat(readiness.state()).isEqualTo(MemberState.STARTING);
    readiness.start();
    assertThat(readiness.state()).isEqualTo(MemberState.READY);
    readiness.drain();
    readiness.start();
    assertThat(readiness.state()).isEqualTo(MemberState.DRAINING);
  }

  @Test
  void stoppedBeforeItServed() {
    readiness.drain();
    readiness.start();
    assertThat(readiness.state()).isEqualTo(MemberState.DRAINING);
  }

  @Test
  void catchesUpWithAllThatItMissed() {
    readiness.start();
    long first = readiness.fallBehind();
    long second = readiness.fallBehind();
    readiness.catchUp(first);
    assertThat(readiness.state()).isEqualTo(MemberState.CATCHING_UP);
    readiness.catchUp(second);
    assertThat(readiness.state()).isEqualTo(MemberState.READY);
  }

  @Test
  void startingOrDrainingGoesOnWithThat() {
    readiness.catchUp(readiness.fallBehind());
    assertThat(readiness.state()).isEqualTo(MemberState.STARTING);
    readiness.start();
    long since = readiness.fallBehind();
    readiness.drain();
    readiness.catchUp(since);
    assertThat(readiness.state()).isEqualTo(MemberState.DRAINING);
  }
}
