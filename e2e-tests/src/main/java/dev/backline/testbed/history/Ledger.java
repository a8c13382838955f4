package dev.backline.testbed.history;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** All that one backend executed, over all its starts, in the order in which it wrote it down. */
public record Ledger(String backend, List<LedgerEntry> entries) {
  public Ledger {
    entries = List.copyOf(entries);
  }

  /** Ids that the backend began to execute before that time. */
  public Set<String> begunBefore(long micros) {
    return entries.stream()
        .filter(entry -> entry.event() == LedgerEntry.Event.BEGIN && entry.atMicros() < micros)
        .map(LedgerEntry::id)
        .collect(Collectors.toSet());
  }

  /** Ids that the backend began to execute, and how often. */
  public Map<String, Integer> begun() {
    Map<String, Integer> times = new LinkedHashMap<>();
    for (LedgerEntry entry : entries) {
      if (entry.event() == LedgerEntry.Event.BEGIN) {
        times.merge(entry.id(), 1, Integer::sum);
      }
    }
    return times;
  }

  /**
   * Ids begun by {@code toMicros} and not ended before {@code fromMicros}: in flight at some time
   * of the span. A span and not a point, because a signal is sent at some time within a call.
   */
  public Set<String> inFlightDuring(long fromMicros, long toMicros) {
    Map<String, Integer> open = new HashMap<>();
    Set<String> inFlight = new LinkedHashSet<>();
    for (LedgerEntry entry : entries) {
      if (entry.event() == LedgerEntry.Event.BEGIN) {
        if (entry.atMicros() <= toMicros) {
          inFlight.add(entry.id());
          open.merge(entry.id(), 1, Integer::sum);
        }
      } else if (entry.atMicros() < fromMicros && open.merge(entry.id(), -1, Integer::sum) <= 0) {
        inFlight.remove(entry.id());
      }
    }
    return inFlight;
  }
}
