package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Request;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Each of these backends answered requests after the fault: it was really used. */
public record BackendsServed(List<String> backends, int atLeast) implements Check {
  public BackendsServed {
    backends = List.copyOf(backends);
  }

  @Override
  public Finding check(Evidence evidence) {
    Map<String, Long> served = new TreeMap<>();
    backends.forEach(backend -> served.put(backend, 0L));
    evidence.requests().stream()
        .filter(request -> request.fate() == Fate.ANSWERED)
        .filter(request -> request.endedMicros() >= evidence.fault().fromMicros())
        .map(Request::servedBy)
        .forEach(backend -> served.computeIfPresent(backend, (name, times) -> times + 1));
    String seen =
        served.entrySet().stream()
            .map(each -> each.getKey() + " answered " + each.getValue())
            .collect(Collectors.joining(", "));
    return served.values().stream().allMatch(times -> times >= atLeast)
        ? Finding.pass(this, seen)
        : Finding.fail(this, seen + " (expected: >= " + atLeast + " each)", List.of());
  }

  @Override
  public String name() {
    return "backends served";
  }
}
