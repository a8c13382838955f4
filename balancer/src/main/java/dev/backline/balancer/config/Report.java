package dev.backline.balancer.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The errors of one text, for one machine, as they are found. Owned by one call of the parser. */
final class Report {
  private static final Comparator<ConfigError> AS_IN_THE_TEXT =
      Comparator.comparingInt(ConfigError::line).thenComparingInt(ConfigError::column);

  private final List<ConfigError> errors = new ArrayList<>();
  private final Machine machine;

  Report(Machine machine) {
    this.machine = machine;
  }

  Machine machine() {
    return machine;
  }

  void add(Where where, String value, String expected) {
    errors.add(new ConfigError(where.path(), where.line(), where.column(), value, expected));
  }

  boolean isEmpty() {
    return errors.isEmpty();
  }

  List<ConfigError> inOrder() {
    return errors.stream().sorted(AS_IN_THE_TEXT).toList();
  }
}
