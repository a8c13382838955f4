package dev.backline.balancer.incident;

import dev.backline.balancer.control.Controller;
import java.util.List;

/**
 * What a {@link Recorder} remembers at one moment, taken quickly on the control loop; any thread
 * makes an incident of it.
 */
public record Recording(
    Incident.Header header,
    Controller.Checkpoint start,
    long startDigest,
    List<Incident.Entry> entries,
    Controller.Checkpoint end) {
  /** Copies the list. */
  public Recording {
    entries = List.copyOf(entries);
  }

  /** Returns it with the digest of its end. */
  public Incident incident() {
    return new Incident(header, start, startDigest, entries, Digests.of(end));
  }
}
