package dev.backline.testbed.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class RemovalTest {
  private final Stuff stuff = new Stuff();
  private final Removal removal = new Removal(stuff);

  @Test
  void whatIsLeftAfterATryIsRemovedByTheNext() {
    stuff.perTry = 1;

    assertThat(removal.run()).isEmpty();
    assertThat(stuff.tries).isEqualTo(3);
  }

  @Test
  void whatStaysWhateverIsTriedIsTold() {
    stuff.perTry = 0;

    assertThat(removal.run()).containsExactly("container", "network", "volume");
    assertThat(stuff.tries).isEqualTo(10);
  }

  @Test
  void whoAsksAgainLooksAgain() {
    removal.run();
    stuff.there.add("container that came late");

    assertThat(removal.run()).isEmpty();
    assertThat(stuff.there).isEmpty();
  }

  @Test
  void whoAsksWhileItIsUnderWayWaits() throws InterruptedException {
    CountDownLatch underWay = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<String> order = new ArrayList<>();
    stuff.before =
        () -> {
          underWay.countDown();
          awaitQuietly(goOn);
          order.add("removed");
        };
    Thread closing = new Thread(removal::run, "closing");
    closing.start();
    underWay.await();
    Thread hook =
        new Thread(
            () -> {
              removal.run();
              order.add("hook is done");
            },
            "hook");
    hook.start();
    while (hook.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
    goOn.countDown();
    closing.join();
    hook.join();

    assertThat(order).containsExactly("removed", "hook is done");
  }

  @Test
  void nothingIsMadeAfterItHasBegun() {
    assertThat(removal.<String, RuntimeException>unlessBegun(() -> "made")).isEqualTo("made");
    removal.run();

    assertThatThrownBy(() -> removal.<String, RuntimeException>unlessBegun(() -> "made"))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static final class Stuff implements Removal.Remains {
    final List<String> there = new ArrayList<>(List.of("container", "network", "volume"));
    int perTry = 3;
    int tries;
    Runnable before = () -> {};

    @Override
    public List<String> left() {
      return List.copyOf(there);
    }

    @Override
    public void removeAll() {
      before.run();
      tries++;
      there.subList(0, Math.min(perTry, there.size())).clear();
    }

    @Override
    public void pause() {}
  }
}
