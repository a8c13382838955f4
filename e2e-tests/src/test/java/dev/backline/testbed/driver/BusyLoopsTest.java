package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.Test;

class BusyLoopsTest {

  @Test
  void loopsRunUntilTheyAreEnded() throws TestbedException {
    List<Long> pids;
    try (BusyLoops loops = new BusyLoops()) {
      loops.start(1);
      pids = loops.pids();
      assertThat(pids).hasSize(1).allMatch(BusyLoopsTest::isAlive);
      loops.end();
      assertThat(loops.pids()).isEmpty();
    }
    await().until(() -> pids.stream().noneMatch(BusyLoopsTest::isAlive));
  }

  @Test
  void closingEndsWhatADrillThatFailedLeft() throws TestbedException {
    BusyLoops loops = new BusyLoops();
    loops.start(1);
    List<Long> pids = loops.pids();
    loops.close();
    await().until(() -> pids.stream().noneMatch(BusyLoopsTest::isAlive));
  }

  @Test
  void loopThatEndedByItselfIsTold() throws TestbedException {
    try (BusyLoops loops = new BusyLoops()) {
      loops.start(1);
      long pid = loops.pids().get(0);
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
      await().until(() -> !isAlive(pid));
      assertThatThrownBy(loops::end)
          .isInstanceOf(TestbedException.class)
          .hasMessage("0 of 1 busy loops ran to the end (expected: all)");
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
