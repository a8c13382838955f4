package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Ledger;
import dev.backline.testbed.history.LedgerEntry;
import dev.backline.testbed.history.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** No request that is not idempotent was begun twice, over the ledgers of all backends. */
public record PostsRunOnce() implements Check {

  @Override
  public Finding check(Evidence evidence) {
    Set<String> posts =
        evidence.requests().stream()
            .filter(request -> !request.idempotent())
            .map(Request::id)
            .collect(Collectors.toSet());
    Map<String, List<String>> runs = new TreeMap<>();
    for (Ledger ledger : evidence.ledgers()) {
      for (LedgerEntry entry : ledger.entries()) {
        if (entry.event() == LedgerEntry.Event.BEGIN && posts.contains(entry.id())) {
          runs.computeIfAbsent(entry.id(), id -> new ArrayList<>()).add(ledger.backend());
        }
      }
    }
    List<String> twice = new ArrayList<>();
    runs.forEach(
        (id, backends) -> {
          if (backends.size() > 1) {
            twice.add(id);
          }
        });
    if (twice.isEmpty()) {
      return Finding.pass(this, "0 of " + posts.size() + " POSTs ran more than once");
    }
    String first = twice.get(0);
    return Finding.certainFail(
        this,
        "%d POSTs ran more than once, the first: %s on %s (expected: 0)"
            .formatted(twice.size(), first, runs.get(first)),
        twice);
  }

  @Override
  public String name() {
    return "no POST ran twice";
  }
}
