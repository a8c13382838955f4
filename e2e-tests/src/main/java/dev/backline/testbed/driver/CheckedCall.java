package dev.backline.testbed.driver;

import dev.backline.testbed.http.Address;
import dev.backline.testbed.http.ControlCall;
import java.io.IOException;
import java.time.Duration;

/** A call whose answer must be a good one, or the person at the command line is told. */
final class CheckedCall {
  private final ControlCall calls = new ControlCall();

  ControlCall.Answer send(
      String method, Address to, String path, String token, String body, Duration timeout)
      throws TestbedException {
    String what = method + " http://" + to + path;
    try {
      ControlCall.Answer answer = calls.send(method, to, path, token, body, timeout);
      if (!answer.ok()) {
        throw new TestbedException(
            "%s was answered %d: %s".formatted(what, answer.status(), answer.text().strip()));
      }
      return answer;
    } catch (IOException e) {
      throw new TestbedException(what + " was not answered", e);
    }
  }
}
