package dev.backline.balancer.sim;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** How often everything occurred, so that nobody believes in tests of what never happens. */
final class Census {
  private final Map<String, Map<String, Long>> groups = new TreeMap<>();
  private final Map<String, Map<String, Long>> runs = new TreeMap<>();

  void count(String group, String name) {
    count(groups, group, name, 1);
  }

  /** Adds the census of one more run, and its time to all faults that it had. */
  void add(Census run, long millis) {
    run.groups.forEach(
        (group, names) ->
            names.forEach(
                (name, times) -> {
                  count(groups, group, name, times);
                  count(runs, group, name, 1);
                }));
    run.groups
        .getOrDefault("fault", Map.of())
        .keySet()
        .forEach(kind -> count(groups, "minutes", kind, millis));
  }

  long of(String group, String name) {
    return groups.getOrDefault(group, Map.of()).getOrDefault(name, 0L);
  }

  /** Returns what of a group occurred. */
  Set<String> names(String group) {
    return groups.getOrDefault(group, Map.of()).keySet();
  }

  /** Returns in how many runs it occurred. */
  long runsWith(String group, String name) {
    return runs.getOrDefault(group, Map.of()).getOrDefault(name, 0L);
  }

  private static void count(
      Map<String, Map<String, Long>> counts, String group, String name, long times) {
    counts.computeIfAbsent(group, g -> new TreeMap<>()).merge(name, times, Long::sum);
  }

  /** A line for each group: how often each occurred, and in how many runs; minutes for faults. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (group, names) -> {
          text.append("%-12s".formatted(group));
          names.forEach(
              (name, times) ->
                  text.append(
                      group.equals("minutes")
                          ? " %s=%d".formatted(name, times / 60_000)
                          : " %s=%d/%d".formatted(name, times, runsWith(group, name))));
          text.append(System.lineSeparator());
        });
    return text.toString();
  }
}
