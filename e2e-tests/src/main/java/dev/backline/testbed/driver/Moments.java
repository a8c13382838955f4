package dev.backline.testbed.driver;

import dev.backline.testbed.history.Moment;
import dev.backline.testbed.load.Clock;
import java.util.ArrayList;
import java.util.List;

/** The moments of a testbed as they happen. Safe for use by several threads. */
public final class Moments {
  private final Clock clock;
  private final List<Moment> all = new ArrayList<>();

  public Moments(Clock clock) {
    this.clock = clock;
  }

  public long now() {
    return clock.micros();
  }

  public void record(Moment.Kind kind, String subject, String text) {
    record(kind, subject, now(), text);
  }

  /** Records what began at {@code fromMicros} and is done now. */
  public synchronized void record(Moment.Kind kind, String subject, long fromMicros, String text) {
    all.add(new Moment(kind, subject, fromMicros, now(), text));
  }

  public synchronized List<Moment> soFar() {
    return List.copyOf(all);
  }
}
