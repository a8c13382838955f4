package dev.backline.balancer.incident;

import dev.backline.balancer.control.Controller;
import dev.backline.balancer.control.Event;
import java.util.List;

/**
 * A piece of a member's life: what its controller knew at the beginning, and what it was told since
 * then. The same events at the same times make the same decisions, so this is all of them.
 *
 * @param startDigest of what was decided before the start
 * @param entries in their order
 * @param endDigest of all that the controller knew at the end
 */
public record Incident(
    Header header,
    Controller.Checkpoint start,
    long startDigest,
    List<Entry> entries,
    long endDigest) {

  /**
   * About it.
   *
   * @param version of the program that wrote it
   * @param why it was written, a line for each reason
   * @param wallMillis when that was, in milliseconds since 1970
   * @param atNanos the same moment on the member's monotonic clock
   */
  public record Header(String version, List<String> why, long wallMillis, long atNanos) {
    /** Copies the list. */
    public Header {
      why = List.copyOf(why);
    }

    /** Returns a moment of the member's clock in milliseconds since 1970. */
    public long wallMillis(long nanos) {
      return wallMillis + Math.floorDiv(nanos - atNanos, 1_000_000L);
    }
  }

  /**
   * One event.
   *
   * @param atNanos when the controller was told, on the member's monotonic clock
   * @param digest of all that was decided so far, this included
   */
  public record Entry(long atNanos, Event event, long digest) {}

  /** Copies the list. */
  public Incident {
    entries = List.copyOf(entries);
  }

  /** Returns the digest of all decisions in it. */
  public long digest() {
    return entries.isEmpty() ? startDigest : entries.get(entries.size() - 1).digest();
  }

  /** Returns how much time it covers. */
  public long nanos() {
    return entries.isEmpty()
        ? 0
        : entries.get(entries.size() - 1).atNanos() - entries.get(0).atNanos();
  }
}
