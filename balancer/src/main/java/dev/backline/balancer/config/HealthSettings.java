package dev.backline.balancer.config;

import dev.backline.balancer.health.HealthPolicy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Single settings of a pool's health, as on a command line: {@code fall} with {@code 3}. */
public final class HealthSettings {
  private HealthSettings() {}

  /**
   * Returns the policy with these settings, by the rules of the file.
   *
   * @param settings texts as behind the keys of a pool's {@code health}
   * @throws IllegalArgumentException if one is wrong: a line for each error, with key, value and
   *     what was expected
   */
  public static HealthPolicy change(HealthPolicy policy, Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(HealthSchema.PATH.name(), "'" + policy.path().replace("'", "''") + "'");
    all.put(HealthSchema.INTERVAL.name(), policy.interval().toMillis() + "ms");
    all.put(HealthSchema.TIMEOUT.name(), policy.timeout().toMillis() + "ms");
    all.put(HealthSchema.FALL.name(), Integer.toString(policy.fall()));
    all.put(HealthSchema.RISE.name(), Integer.toString(policy.rise()));
    all.putAll(settings);
    StringBuilder text = new StringBuilder();
    all.forEach((key, value) -> text.append(key).append(": ").append(value).append('\n'));
    Report report = new Report(Machine.UNKNOWN);
    Values health = HealthSchema.SECTION.read(YamlReader.read(text.toString(), report), report);
    if (!report.isEmpty()) {
      List<ConfigError> errors = report.inOrder();
      throw new IllegalArgumentException(
          errors.stream()
              .map(e -> "%s: %s (expected: %s)".formatted(e.path(), e.value(), e.expected()))
              .collect(Collectors.joining("\n")));
    }
    return HealthSchema.toPolicy(health);
  }
}
