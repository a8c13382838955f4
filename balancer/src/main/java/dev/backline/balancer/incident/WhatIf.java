package dev.backline.balancer.incident;

import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What would have been decided with other policies, told as the difference to what was.
 *
 * <p>The sights stay those that were seen: a backend that would have been probed at other times, or
 * sent other requests, is judged by the probes and requests that there were.
 */
public final class WhatIf {
  private record Place(PoolName pool, Backend backend) {}

  private record Turn(long atNanos, Verdict from, Verdict to, String reason) {
    boolean isSame(Turn other) {
      return atNanos == other.atNanos && from == other.from && to == other.to;
    }
  }

  private final Incident incident;
  private final LongFunction<String> clock;

  /**
   * Creates it.
   *
   * @param clock writes a moment of the member's monotonic clock, in nanoseconds
   */
  public WhatIf(Incident incident, LongFunction<String> clock) {
    this.incident = incident;
    this.clock = clock;
  }

  /** Returns the differences, a line each; a line for all the backends that have none. */
  public List<String> differences(UnaryOperator<PoolPolicy> change) {
    Map<Place, List<Turn>> recorded = turns(UnaryOperator.identity());
    Map<Place, List<Turn>> changed = turns(change);
    Map<Place, List<Turn>> all = new LinkedHashMap<>(recorded);
    changed.forEach(all::putIfAbsent);
    List<String> lines = new ArrayList<>();
    List<String> same = new ArrayList<>();
    for (Place place : all.keySet()) {
      List<Turn> one = recorded.getOrDefault(place, List.of());
      List<Turn> other = changed.getOrDefault(place, List.of());
      int alike = alike(one, other);
      if (alike == one.size() && alike == other.size()) {
        same.add(place.backend().name());
      } else {
        tell(place, alike, one, other, lines);
      }
    }
    if (!same.isEmpty()) {
      lines.add("no difference: " + String.join(", ", same));
    }
    return lines.isEmpty() ? List.of("no verdict turned, as recorded") : lines;
  }

  private void tell(
      Place place, int alike, List<Turn> recorded, List<Turn> changed, List<String> lines) {
    Turn last = alike == 0 ? null : recorded.get(alike - 1);
    String until =
        last == null
            ? "from the start on"
            : "after " + clock.apply(last.atNanos()) + " another way";
    long beforeEndMillis = last == null ? 0 : (endNanos() - last.atNanos()) / 1_000_000;
    String when = last == null ? "" : ", %d ms before the record ends".formatted(beforeEndMillis);
    lines.add(place.backend().name() + " (pool " + place.pool() + "), " + until + when + ":");
    lines.add("  recorded: " + next(recorded, alike, last) + sum(recorded));
    lines.add("  changed:  " + next(changed, alike, last) + sum(changed));
    if (alike < recorded.size() && alike < changed.size()) {
      Turn was = recorded.get(alike);
      Turn is = changed.get(alike);
      long millis = (is.atNanos() - was.atNanos()) / 1_000_000;
      if (was.from() == is.from() && was.to() == is.to() && millis != 0) {
        String shift = Math.abs(millis) + " ms " + (millis < 0 ? "earlier" : "later");
        lines.add("  so it is " + is.to().word() + " " + shift);
      }
    }
  }

  private String next(List<Turn> turns, int index, @Nullable Turn last) {
    if (index >= turns.size()) {
      return (last == null ? "as it is" : last.to().word()) + " until the record ends";
    }
    Turn turn = turns.get(index);
    return "%s, %s -> %s: %s"
        .formatted(
            clock.apply(turn.atNanos()), turn.from().word(), turn.to().word(), turn.reason());
  }

  /** How often and for how long it got no exchange or was ejected, in all. */
  private String sum(List<Turn> turns) {
    int times = 0;
    long nanos = 0;
    long endNanos = endNanos();
    for (int i = 0; i < turns.size(); i++) {
      Turn turn = turns.get(i);
      if (isOut(turn.to())) {
        times += isOut(turn.from()) ? 0 : 1;
        nanos += (i + 1 < turns.size() ? turns.get(i + 1).atNanos() : endNanos) - turn.atNanos();
      }
    }
    boolean stillOut = !turns.isEmpty() && isOut(turns.get(turns.size() - 1).to());
    String often = times == 0 ? "never" : times == 1 ? "once" : times + " times";
    return "; put out %s, out for %d ms in all%s"
        .formatted(often, nanos / 1_000_000, stillOut ? ", and still when the record ends" : "");
  }

  private long endNanos() {
    List<Incident.Entry> entries = incident.entries();
    return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).atNanos();
  }

  private static boolean isOut(Verdict verdict) {
    return verdict.isOut() || verdict == Verdict.EJECTED;
  }

  private static int alike(List<Turn> one, List<Turn> other) {
    int alike = 0;
    while (alike < one.size() && alike < other.size() && one.get(alike).isSame(other.get(alike))) {
      alike++;
    }
    return alike;
  }

  private Map<Place, List<Turn>> turns(UnaryOperator<PoolPolicy> change) {
    Map<Place, List<Turn>> turns = new LinkedHashMap<>();
    Replay.of(
        incident,
        change,
        (entry, before, effects, after) -> {
          for (Effect effect : effects) {
            if (effect instanceof Effect.TellVerdict tell) {
              Place place = new Place(tell.pool(), tell.backend());
              Turn turn = new Turn(entry.atNanos(), tell.from(), tell.to(), tell.reason());
              turns.computeIfAbsent(place, p -> new ArrayList<>()).add(turn);
            }
          }
        });
    return turns;
  }
}
