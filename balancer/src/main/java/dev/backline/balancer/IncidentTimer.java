package dev.backline.balancer;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * When incidents are written: a second after a reason, so that what followed is in it too, and not
 * within ten seconds of the one before, so that what flaps fills no disk. Owned by the control
 * loop.
 */
final class IncidentTimer {
  static final long DELAY_MILLIS = 1_000;
  private static final long PAUSE_MILLIS = 10_000;

  private final Vertx vertx;
  private final Consumer<List<String>> write;
  private final List<String> reasons = new ArrayList<>();
  private boolean pausing;

  /**
   * Creates it.
   *
   * @param write is told the reasons when it is time
   */
  IncidentTimer(Vertx vertx, Consumer<List<String>> write) {
    this.vertx = vertx;
    this.write = write;
  }

  void onReason(String why) {
    reasons.add(why);
    if (reasons.size() == 1 && !pausing) {
      vertx.setTimer(DELAY_MILLIS, timer -> writeNow());
    }
  }

  /** Writes at once what would be written later: the member ends. */
  void writeNow() {
    if (reasons.isEmpty()) {
      return;
    }
    write.accept(List.copyOf(reasons));
    reasons.clear();
    pausing = true;
    vertx.setTimer(
        PAUSE_MILLIS,
        timer -> {
          pausing = false;
          writeNow();
        });
  }
}
