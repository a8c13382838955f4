package dev.backline.balancer.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.model.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who says what of a backend, one letter a member: {@code E} ejected and {@code e} ejected on
 * hearsay, {@code U} up, {@code s} suspect on hearsay, {@code D} down, {@code T} on trial, {@code
 * n} unproven.
 */
class VerdictQuorumTest {

  @ParameterizedTest
  @CsvSource({
    // Nobody says so.
    "'', OUTVOTED",
    "U, OUTVOTED",
    "UU, OUTVOTED",
    "DD, OUTVOTED",
    // The only observer there is counts; who repeats others, or knows nothing, is none.
    "E, AGREED",
    "En, AGREED",
    "Es, AGREED",
    "Ee, AGREED",
    // One against one.
    "EU, TIE",
    "UE, TIE",
    "ED, TIE",
    "ET, TIE",
    "EUn, TIE",
    "EUes, TIE",
    // One against more.
    "EUU, OUTVOTED",
    "EUUUU, OUTVOTED",
    // Two are enough.
    "EE, AGREED",
    "EEU, AGREED",
    "EEUU, AGREED",
    "EEUUUU, AGREED",
    "EEEEE, AGREED",
    // Hearsay of hearsay is nothing at all.
    "e, OUTVOTED",
    "ee, OUTVOTED",
    "eeU, OUTVOTED",
    "n, OUTVOTED",
  })
  void ejectionCountsWhenTwoObserversSayItOrTheOnlyOne(String said, VerdictQuorum expected) {
    List<Observation> observations = said.chars().mapToObj(VerdictQuorumTest::said).toList();
    assertThat(VerdictQuorum.of(observations)).isEqualTo(expected);
    List<Observation> reversed =
        Stream.iterate(observations.size() - 1, i -> i - 1)
            .limit(observations.size())
            .map(observations::get)
            .toList();
    assertThat(VerdictQuorum.of(reversed)).as("in any order").isEqualTo(expected);
  }

  private static Observation said(int letter) {
    return switch (letter) {
      case 'E' -> new Observation(Verdict.EJECTED, Grounds.REQUEST, "answers 500 too often");
      case 'e' -> new Observation(Verdict.EJECTED, Grounds.HEARSAY, "2 members say so");
      case 'U' -> new Observation(Verdict.UP, Grounds.NONE, "passes: 200");
      case 's' -> new Observation(Verdict.SUSPECT, Grounds.HEARSAY, "another says: refused");
      case 'D' -> new Observation(Verdict.DOWN, Grounds.PROBE, "503 on /health");
      case 'T' -> new Observation(Verdict.TRIAL, Grounds.REQUEST, "one exchange at a time");
      case 'n' -> new Observation(Verdict.UNPROVEN, Grounds.NONE, "not probed yet");
      default -> throw new AssertionError(letter);
    };
  }
}
