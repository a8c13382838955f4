package dev.backline.testbed.check;

import dev.backline.testbed.history.Evidence;

/**
 * A question to the evidence of a drill. Checks are pure: the same evidence gives the same finding.
 * Those that ask whether the drill was one at all answer INVALID, those that ask for a promise
 * answer FAIL.
 */
public interface Check {
  Finding check(Evidence evidence);

  /** Short name for tables. */
  String name();
}
