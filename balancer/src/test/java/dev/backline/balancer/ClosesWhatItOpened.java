package dev.backline.balancer;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;

/** A test that closes, last first, what it has opened. */
abstract class ClosesWhatItOpened {
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** Has it closed when the test is over. */
  final <T extends AutoCloseable> T opened(T closeable) {
    open.addFirst(closeable);
    return closeable;
  }

  @AfterEach
  final void closeAll() throws Exception {
    while (!open.isEmpty()) {
      open.removeFirst().close();
    }
  }
}
