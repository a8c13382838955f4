package dev.backline.testbed.check;

import java.util.List;

/**
 * What one check found.
 *
 * @param certain whether a FAIL stands whatever else was wrong with the drill: a POST that ran
 *     twice did so on a starved machine too
 * @param sentence what was seen, with its figures, and what was expected
 * @param requests ids of requests that show it, for the story
 */
public record Finding(
    String check, Result result, boolean certain, String sentence, List<String> requests) {
  public Finding {
    requests = List.copyOf(requests);
  }

  static Finding pass(Check check, String sentence) {
    return new Finding(check.name(), Result.PASS, false, sentence, List.of());
  }

  static Finding fail(Check check, String sentence, List<String> requests) {
    return new Finding(check.name(), Result.FAIL, false, sentence, requests);
  }

  static Finding certainFail(Check check, String sentence, List<String> requests) {
    return new Finding(check.name(), Result.FAIL, true, sentence, requests);
  }

  static Finding invalid(Check check, String sentence) {
    return new Finding(check.name(), Result.INVALID, false, sentence, List.of());
  }
}
