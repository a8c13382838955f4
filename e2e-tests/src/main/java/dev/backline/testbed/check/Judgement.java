package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;
import java.util.List;
import java.util.function.Predicate;

/**
 * The result of a drill with its cause named.
 *
 * <p>A certain FAIL beats INVALID, INVALID beats a plain FAIL: on a starved machine a broken
 * promise may be the machine's doing, a POST that ran twice can't.
 *
 * @param cause the sentence of the finding that decided, or why all is well
 */
public record Judgement(Result result, String cause, List<Finding> findings) {
  public Judgement {
    findings = List.copyOf(findings);
  }

  /** Asks every check, in order. */
  public static Judgement of(Evidence evidence, List<Check> checks) {
    return of(checks.stream().map(check -> check.check(evidence)).toList());
  }

  static Judgement of(List<Finding> findings) {
    List<Predicate<Finding>> byWeight =
        List.of(
            finding -> finding.result() == Result.FAIL && finding.certain(),
            finding -> finding.result() == Result.INVALID,
            finding -> finding.result() == Result.FAIL);
    for (Predicate<Finding> decides : byWeight) {
      for (Finding finding : findings) {
        if (decides.test(finding)) {
          String cause = finding.check() + ": " + finding.sentence();
          return new Judgement(finding.result(), cause, findings);
        }
      }
    }
    return new Judgement(Result.PASS, "all " + findings.size() + " checks hold", findings);
  }
}
