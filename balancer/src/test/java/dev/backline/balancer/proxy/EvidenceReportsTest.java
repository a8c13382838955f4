package dev.backline.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Events;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.PoolName;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EvidenceReportsTest {
  private static final PoolName POOL = new PoolName("music");
  private static final BackendId ONE = new BackendId("127.0.0.1", 1);
  private static final BackendId TWO = new BackendId("127.0.0.1", 2);

  /** A control loop that takes its time. */
  private static final class SlowControl implements Events {
    private final List<Event.EvidenceSeen> emitted = new ArrayList<>();
    private final Deque<Runnable> untaken = new ArrayDeque<>();

    @Override
    public void emit(Event event, Runnable afterwards) {
      emitted.add((Event.EvidenceSeen) event);
      untaken.add(afterwards);
    }
  }

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context loop = vertx.getOrCreateContext();
  private final SlowControl control = new SlowControl();
  private final EvidenceReports reports = new EvidenceReports(control, loop);

  @AfterEach
  void stop() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** Runs something on the event loop, and all that it leads to there. */
  private void onLoop(Runnable work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.runOnContext(
        v -> {
          work.run();
          loop.runOnContext(w -> done.complete(null));
        });
    done.join();
  }

  private void takeOne() {
    onLoop(() -> control.untaken.remove().run());
  }

  private static Evidence evidence(int number) {
    return new Evidence.Request("answers " + number, 0);
  }

  @Test
  void oneReportIsUnderWayForEachBackendAndTheNextHasWhatCameMeanwhile() {
    onLoop(
        () -> {
          reports.add(POOL, ONE, evidence(1));
          reports.add(POOL, ONE, evidence(2));
          reports.add(POOL, TWO, new Evidence.Transport(Cause.REFUSED, false, 0));
          reports.add(POOL, ONE, evidence(3));
        });

    assertThat(control.emitted)
        .containsExactly(
            new Event.EvidenceSeen(POOL, ONE, List.of(evidence(1))),
            new Event.EvidenceSeen(
                POOL, TWO, List.of(new Evidence.Transport(Cause.REFUSED, false, 0))));

    takeOne();
    assertThat(control.emitted).hasSize(3);
    assertThat(control.emitted.get(2))
        .isEqualTo(new Event.EvidenceSeen(POOL, ONE, List.of(evidence(2), evidence(3))));

    takeOne();
    takeOne();
    assertThat(control.emitted).as("nothing new to tell").hasSize(3);
    onLoop(() -> reports.add(POOL, ONE, evidence(4)));
    assertThat(control.emitted).as("so the next goes at once").hasSize(4);
  }

  @Test
  void whatWaitsIsBounded() {
    onLoop(
        () -> {
          for (int i = 0; i < 10_000; i++) {
            reports.add(POOL, ONE, evidence(i));
          }
        });
    takeOne();

    assertThat(control.emitted).hasSize(2);
    assertThat(control.emitted.get(1).evidence()).hasSize(64);
  }
}
