package dev.backline.testbed.report;

import dev.backline.testbed.history.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a load by hand shows: a line a second, and a summary. */
public final class LoadLines {
  private static final long SECOND_MICROS = 1_000_000;

  private LoadLines() {}

  /** How many were sent and failed so far, and which backend answered what part of the last 1 s. */
  public static String second(int second, long sent, List<Request> soFar, long nowMicros) {
    long failed = soFar.stream().filter(Request::failed).count();
    Map<String, Long> served =
        soFar.stream()
            .filter(r -> r.endedMicros() > nowMicros - SECOND_MICROS && !r.servedBy().isEmpty())
            .collect(Collectors.groupingBy(Request::servedBy, TreeMap::new, Collectors.counting()));
    String shares =
        served.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining("  "));
    return "%4d s  sent %6d  open %4d  failed %4d  last second: %s"
        .formatted(second, sent, sent - soFar.size(), failed, shares)
        .stripTrailing();
  }

  /** Fates by method, and latencies. */
  public static List<String> summary(List<Request> requests) {
    Map<String, Integer> fates = new TreeMap<>();
    requests.forEach(r -> fates.merge(r.method() + " " + r.fateInWords(), 1, Integer::sum));
    List<String> lines = new ArrayList<>();
    lines.add(requests.size() + " requests:");
    fates.forEach((fate, times) -> lines.add("  %6d x %s".formatted(times, fate)));
    long[] latencies = requests.stream().mapToLong(Request::latencyMicros).sorted().toArray();
    lines.add(
        "latency: p50 %.1f ms, p99 %.1f ms, max %.1f ms"
            .formatted(
                Figures.percentile(latencies, 50) / 1000.0,
                Figures.percentile(latencies, 99) / 1000.0,
                latencies[latencies.length - 1] / 1000.0));
    return lines;
  }
}
