package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.history.Moment;
import dev.backline.testbed.history.Request;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A backend that lies, because its health request passes while it answers everything else with 500,
 * costs each member no more than it takes to be ejected, and a little for each trial.
 *
 * <p>The bound for a member: {@link #IN_A_ROW} bad answers eject. What was on the way to the victim
 * when the last of those came back may come back bad as well. Requests that chose it in the same
 * moment, before the ejection reached each event loop, are {@link SickAnswersBounded#AT_ONCE} more.
 * Then the ejection lasts, and each trial that {@link EjectionTimes} allow until the heal is ended
 * by its first bad answer: it takes one exchange at a time, but two event loops may begin theirs in
 * the same moment, so as many more. Nothing else fails.
 */
public record LiesBounded() implements Check {
  static final int IN_A_ROW = 5;

  @Override
  public Finding check(Evidence evidence) {
    long fault = evidence.fault().fromMicros();
    long heal = evidence.first(Moment.Kind.HEAL).toMicros();
    int trials = EjectionTimes.trialsWithin(Duration.of(heal - fault, ChronoUnit.MICROS));
    int spare = SickAnswersBounded.AT_ONCE * (1 + trials);
    List<String> seen = new ArrayList<>();
    List<String> wrong = new ArrayList<>(failedElsewhere(evidence));
    seen.add(wrong.size() + " failed elsewhere");
    boolean unused = evidence.members().isEmpty();
    for (String member : evidence.members()) {
      List<Lie> lies = lies(evidence, member, fault);
      unused |= lies.isEmpty();
      int underWay = underWay(lies);
      int bound = underWay + spare;
      seen.add(
          "%s got %d bad answers of %s, %d of them begun before it could know, and at most %d may be"
              .formatted(member, lies.size(), evidence.victim(), underWay, bound));
      lies.stream().skip(bound).map(Lie::id).forEach(wrong::add);
    }
    String sentence = String.join("; ", seen);
    if (!wrong.isEmpty()) {
      return Finding.fail(this, sentence + " (expected: 0, and no more than that)", wrong);
    }
    return unused
        ? Finding.invalid(this, sentence + " (expected: some for each member)")
        : Finding.pass(this, sentence);
  }

  private record Lie(String id, long beganMicros, long endedMicros) {}

  /** In the order in which they came back. */
  private static List<Lie> lies(Evidence evidence, String member, long sinceMicros) {
    return evidence.exchanges().stream()
        .filter(exchange -> exchange.member().equals(member))
        .flatMap(
            exchange ->
                exchange
                    .attemptsOn(evidence.victim())
                    .filter(LiesBounded::isLie)
                    .map(
                        a ->
                            new Lie(
                                exchange.id(), exchange.beganMicros(a), exchange.endedMicros(a))))
        .filter(lie -> lie.endedMicros() >= sinceMicros)
        .sorted(Comparator.comparingLong(Lie::endedMicros))
        .toList();
  }

  /** How many had begun when those came back that eject, themselves included. */
  private static int underWay(List<Lie> lies) {
    if (lies.size() < IN_A_ROW) {
      return lies.size();
    }
    long known = lies.get(IN_A_ROW - 1).endedMicros();
    return (int) lies.stream().filter(lie -> lie.beganMicros() <= known).count();
  }

  private static boolean isLie(Exchange.Attempt attempt) {
    return attempt.fate().startsWith("answered 5");
  }

  private static List<String> failedElsewhere(Evidence evidence) {
    Map<String, Exchange> exchanges = evidence.exchangesById();
    List<String> elsewhere = new ArrayList<>();
    for (Request request : Requests.failedSinceFault(evidence)) {
      Exchange exchange = exchanges.get(request.id());
      if (exchange == null
          || exchange.attemptsOn(evidence.victim()).noneMatch(LiesBounded::isLie)) {
        elsewhere.add(request.id());
      }
    }
    return elsewhere;
  }

  @Override
  public String name() {
    return "lies bounded";
  }
}
