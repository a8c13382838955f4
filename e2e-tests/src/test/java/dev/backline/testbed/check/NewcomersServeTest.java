package dev.backline.testbed.check;

import static dev.backline.testbed.check.ChecksTest.finding;
import static dev.backline.testbed.check.HistoryBuilder.cleanSecondThenFault;

import dev.backline.testbed.history.Fate;
import dev.backline.testbed.history.Moment;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers take 20 ms in these histories. */
class NewcomersServeTest {
  private static final String FIRST = "backend-4";
  private static final String SECOND = "backend-5";
  private final HistoryBuilder history =
      cleanSecondThenFault().moment(Moment.Kind.READY, FIRST, 1500, "");

  @Test
  void newcomerThatServesAtTheBoundPasses() {
    serves(FIRST, 4480);

    finding(new NewcomersServe(List.of(FIRST)), history).isPass("backend-4 served after 3.00 s");
  }

  @Test
  void newcomerThatServesLaterFails() {
    serves(FIRST, 4481);

    finding(new NewcomersServe(List.of(FIRST)), history)
        .isFail("backend-4 served after 3.00 s (expected: <= 3 s after it is healthy)");
  }

  @Test
  void newcomerThatNeverServesFails() {
    history.traffic(1510, 5000, "backend-2", "backend-3");

    finding(new NewcomersServe(List.of(FIRST)), history).isFail("backend-4 never served");
  }

  @Test
  void eachNewcomerHasItsOwnTime() {
    history.moment(Moment.Kind.READY, SECOND, 4000, "");
    serves(FIRST, 2000);
    serves(SECOND, 6000);
    finding(new NewcomersServe(List.of(FIRST, SECOND)), history)
        .isPass("backend-4 served after 0.52 s, backend-5 served after 2.02 s");

    history.moment(Moment.Kind.READY, "backend-6", 4000, "");
    serves("backend-6", 9000);
    finding(new NewcomersServe(List.of(FIRST, SECOND, "backend-6")), history)
        .isFail("backend-6 served after 5.02 s");
  }

  @Test
  void errorsAreNoService() {
    history.request("sick", "GET", 2000, Fate.ANSWERED, 503, FIRST);
    history.traffic(2010, 5000, "backend-2", "backend-3");

    finding(new NewcomersServe(List.of(FIRST)), history).isFail("backend-4 never served");
  }

  @Test
  void newcomerThatNeverWasHealthyOrHadNoTimeProvesNothing() {
    finding(new NewcomersServe(List.of(SECOND)), history)
        .isInvalid("never said that it is healthy");

    history.traffic(1510, 4400, "backend-2", "backend-3");
    finding(new NewcomersServe(List.of(FIRST)), history)
        .isInvalid("the load ended before backend-4 had 3 s to serve");
  }

  /** The client's record is all that counts. */
  private void serves(String backend, int atMillis) {
    history.request(history.nextId(), "GET", atMillis, Fate.ANSWERED, 200, backend);
  }
}
