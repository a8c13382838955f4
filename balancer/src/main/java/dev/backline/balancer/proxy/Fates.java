package dev.backline.balancer.proxy;

import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.Outcome.Answered;
import dev.backline.balancer.model.Outcome.BrokenAfterHead;
import dev.backline.balancer.model.Outcome.BrokenBeforeHead;
import dev.backline.balancer.model.Outcome.ClientGone;
import dev.backline.balancer.model.Outcome.ConnectFailed;
import dev.backline.balancer.model.Outcome.Refused;
import dev.backline.balancer.model.Outcome.TimedOut;

/** The words of the access log for what became of an attempt. */
final class Fates {
  private Fates() {}

  static String of(Outcome outcome) {
    if (outcome instanceof Answered answered) {
      return "answered " + answered.status();
    }
    if (outcome instanceof ConnectFailed failed) {
      return failed.cause().words();
    }
    if (outcome instanceof BrokenBeforeHead broken) {
      return broken.cause().words() + " before head" + (broken.reused() ? " (kept)" : "");
    }
    if (outcome instanceof BrokenAfterHead broken) {
      return broken.cause().words() + " in mid-body";
    }
    if (outcome instanceof TimedOut) {
      return "head timeout";
    }
    if (outcome instanceof ClientGone) {
      return "client gone";
    }
    if (outcome instanceof Refused) {
      return "none available";
    }
    throw new AssertionError(outcome);
  }
}
