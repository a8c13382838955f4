package dev.backline.balancer.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Who waits for which reading of all that is shared. There is one at a time, and one that began
 * before it was wished for may have missed what the wish is about. Owned by the link's thread.
 */
final class Readings {
  private final List<CompletableFuture<Void>> served = new ArrayList<>();
  private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private boolean wanted;
  private boolean reading;

  /** Wishes for a reading that begins from now on. */
  void want() {
    wanted = true;
  }

  /** Wishes for one, and waits for it. */
  void want(CompletableFuture<Void> waiter) {
    wanted = true;
    waiting.removeIf(CompletableFuture::isDone); // Those that waited long enough.
    waiting.add(waiter);
  }

  /** Returns whether one is to begin now, which it does with that. */
  boolean begin() {
    if (reading || !wanted) {
      return false;
    }
    reading = true;
    wanted = false;
    served.addAll(waiting);
    waiting.clear();
    return true;
  }

  /** Ends one; where it came to nothing, it is wished for still. */
  void end(boolean worked) {
    reading = false;
    if (worked) {
      served.forEach(waiter -> waiter.complete(null));
    } else {
      wanted = true;
      waiting.addAll(served);
    }
    served.clear();
  }
}
