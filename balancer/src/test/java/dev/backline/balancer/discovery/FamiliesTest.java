package dev.backline.balancer.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.model.IpAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the two questions of a look-up say together. */
final class FamiliesTest {
  /** Each column is a look-up: the finding for A, that for AAAA, and what they mean together. */
  @ParameterizedTest
  @CsvSource({
    // A, AAAA, together, then A, AAAA, together
    "4, 6, 4 6, 4, none, 4",
    "4, none, 4, none, none, none",
    "none, 6, 6, none, none, none",
    "4, 6, 4 6, 4, ?, 4 6",
    "4, 6, 4 6, ?, 6, 4 6",
    "4, ?, 4, 4, ?, 4",
    "4, 6, 4 6, ?, ?, ?",
    "4, 6, 4 6, none, ?, ?",
    "4, 6, 4 6, no name, no name, no name",
    "4, 6, 4 6, no name, ?, no name",
    "4, 6, 4 6, ?, no name, no name",
    "4, no name, 4, none, no name, no name",
    "?, ?, ?, 4, ?, 4",
    "no name, no name, no name, ?, 6, 6"
  })
  void halfAnAnswerNeitherStopsAPoolNorTakesFromIt(
      String a1, String aaaa1, String first, String a2, String aaaa2, String second) {
    Families families = new Families();
    assertThat(families.join(finding(a1), finding(aaaa1))).isEqualTo(finding(first));
    assertThat(families.join(finding(a2), finding(aaaa2))).isEqualTo(finding(second));
  }

  private static Finding finding(String text) {
    return switch (text) {
      case "4" -> found("10.0.0.1");
      case "6" -> found("fd00::1");
      case "4 6" -> found("10.0.0.1", "fd00::1");
      case "none" -> found();
      case "no name" -> new Finding.NoName();
      case "?" -> new Finding.Unknown("?");
      default -> throw new AssertionError(text);
    };
  }

  private static Finding found(String... addresses) {
    return new Finding.Found(
        List.of(addresses).stream().map(a -> Objects.requireNonNull(IpAddress.parse(a))).toList());
  }
}
