package dev.backline.balancer.incident;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever adds a field to what decides adds it to its checkpoint, or says here why not. */
final class CheckpointTest {
  @ParameterizedTest
  @CsvSource({
    "health.HealthTracker, policy, ''",
    "health.OutlierDetector, '', ''",
    "health.QuickProbes, '', ''",
    "health.SelfDoubt, '', ''",
    // The snapshot is made of the rest, but for its version; the router of its routes.
    "control.Controller, snapshot router, version routes",
    // What is given again, made of the rest, or false between two events.
    "control.PoolController, isMine random snapshot touched used holds, ''",
    "control.BackendState, '', ''",
    "control.OtherMembers, '', ''",
    "control.Unlisted, '', ''",
    "control.Former, '', ''",
    "control.RegisteredBackends, pool, ''",
    "control.Registrations, entries, words"
  })
  void everyFieldIsInTheCheckpoint(String name, String without, String instead)
      throws ReflectiveOperationException {
    Class<?> type = Class.forName("dev.backline.balancer." + name);
    Class<?> checkpoint = Class.forName(type.getName() + "$Checkpoint");

    TreeSet<String> expected = new TreeSet<>();
    Arrays.stream(type.getDeclaredFields())
        .filter(field -> !Modifier.isStatic(field.getModifiers()))
        .forEach(field -> expected.add(field.getName()));
    assertThat(expected).containsAll(words(without));
    expected.removeAll(words(without));
    expected.addAll(words(instead));

    assertThat(checkpoint.getRecordComponents())
        .extracting(RecordComponent::getName)
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }
}
