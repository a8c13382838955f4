package dev.backline.balancer.sim;

import java.util.Map;
import java.util.TreeMap;

/** How often everything occurred, so that nobody believes in tests of what never happens. */
final class Census {
  private final Map<String, Map<String, Long>> groups = new TreeMap<>();

  void count(String group, String name) {
    count(group, name, 1);
  }

  void count(String group, String name, long times) {
    groups.computeIfAbsent(group, g -> new TreeMap<>()).merge(name, times, Long::sum);
  }

  void add(Census other) {
    other.groups.forEach(
        (group, names) -> names.forEach((name, times) -> count(group, name, times)));
  }

  long of(String group, String name) {
    return groups.getOrDefault(group, Map.of()).getOrDefault(name, 0L);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    groups.forEach((group, names) -> text.append("%-11s %s%n".formatted(group, names)));
    return text.toString();
  }
}
