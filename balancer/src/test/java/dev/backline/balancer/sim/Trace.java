package dev.backline.balancer.sim;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened in a run: the last of it to be told, all of it in a digest. */
final class Trace {
  private static final int TOLD = 40;

  private record Entry(long millis, String what, int exchange, String where, Object detail) {
    @Override
    public String toString() {
      return "t=%6dms %-14s %-7s %-4s %s"
          .formatted(millis, what, exchange < 0 ? "" : "#" + exchange, where, detail);
    }
  }

  private final Agenda agenda;
  private final @Nullable Entry[] last = new Entry[TOLD];
  private long count;
  private long digest = 0xcbf29ce484222325L;

  Trace(Agenda agenda) {
    this.agenda = agenda;
  }

  /**
   * Notes an event.
   *
   * @param exchange its number, or -1
   * @param where the name of a backend or loop, or empty
   * @param value what of the detail goes into the digest
   */
  void note(String what, int exchange, String where, long value, Object detail) {
    last[(int) (count++ % TOLD)] = new Entry(agenda.elapsedMillis(), what, exchange, where, detail);
    mix(agenda.elapsedNanos());
    // String.hashCode is the same in every JVM by its specification; those of enums are not.
    mix(what.hashCode());
    mix(exchange);
    mix(where.hashCode());
    mix(value);
  }

  void note(String what, int exchange, String where, String detail) {
    note(what, exchange, where, detail.hashCode(), detail);
  }

  long digest() {
    return digest;
  }

  long count() {
    return count;
  }

  /** Returns the last events, oldest first. */
  List<String> told() {
    List<String> told = new ArrayList<>();
    for (long i = Math.max(0, count - TOLD); i < count; i++) {
      told.add(String.valueOf(last[(int) (i % TOLD)]));
    }
    return told;
  }

  private void mix(long value) {
    long mixed = (digest ^ value) * 0x9e3779b97f4a7c15L;
    digest = mixed ^ (mixed >>> 29);
  }
}
