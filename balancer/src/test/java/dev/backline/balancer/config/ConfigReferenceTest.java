package dev.backline.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {

  @Test
  void pageIsWhatTheCodeSays() throws IOException {
    assertThat(Files.readString(Path.of("../docs/configuration.md")))
        .as(
            "docs/configuration.md (to make it anew: mvn -q -pl balancer package -DskipTests &&"
                + " java -jar balancer/target/balancer.jar config-reference >"
                + " docs/configuration.md)")
        .isEqualTo(ConfigReference.markdown());
  }

  /** Where the locale is POSIX, standard output turns all else into question marks. */
  @Test
  void pageIsAscii() {
    assertThat(ConfigReference.markdown()).matches("\\p{ASCII}+");
  }

  @Test
  void everyDefaultIsReadAsItIsPrinted() {
    List<String> checked = new ArrayList<>();
    checkDefaults(MemberSchema.ROOT, checked);

    assertThat(checked).hasSizeGreaterThan(20).contains("idle_timeout", "replay_limit", "policy");
  }

  private static void checkDefaults(Type<?> type, List<String> checked) {
    if (type instanceof ListType list) {
      checkDefaults(list.item(), checked);
    } else if (type instanceof NamedType named) {
      checkDefaults(named.item(), checked);
    } else if (type instanceof SectionType section) {
      for (Key<?> key : section.keys()) {
        checkDefault(key, checked);
        checkDefaults(key.type(), checked);
      }
    }
  }

  private static <T> void checkDefault(Key<T> key, List<String> checked) {
    if (key.fallback() != null && key.type() instanceof ScalarType<T> scalar) {
      assertThat(scalar.reader().apply(key.byDefault().replace("`", "")))
          .as(key.name())
          .isEqualTo(new Reading.Right<>(key.fallback()));
      checked.add(key.name());
    }
  }
}
