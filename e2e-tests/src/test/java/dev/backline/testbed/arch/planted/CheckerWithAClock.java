package dev.backline.testbed.arch.planted;

import dev.backline.testbed.check.Check;
import dev.backline.testbed.check.Finding;
import dev.backline.testbed.check.Result;
import dev.backline.testbed.history.Evidence;
import java.util.List;

/** What the architecture test must find: a checker whose finding depends on when it is asked. */
record CheckerWithAClock() implements Check {
  @Override
  public Finding check(Evidence evidence) {
    return new Finding(name(), Result.PASS, false, "at " + System.nanoTime(), List.of());
  }

  @Override
  public String name() {
    return "planted";
  }
}
