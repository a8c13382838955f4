package dev.backline.testbed.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Playwright;
import dev.backline.testbed.Build;
import dev.backline.testbed.driver.AddressPlan;
import dev.backline.testbed.driver.ProcessTestbed;
import dev.backline.testbed.driver.Setup;
import dev.backline.testbed.driver.Testbed;
import dev.backline.testbed.driver.TestbedException;
import dev.backline.testbed.driver.Topology;
import dev.backline.testbed.history.Exchange;
import dev.backline.testbed.load.Clock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The site through the balancer in a real browser, while a song plays.
 *
 * <p>The kill comes when no request is under way: one that it breaks would have to be an error in
 * the console. So there must be none at all: neither for the feed, whose connection it always
 * breaks, nor for any request after it.
 */
@Tag(Build.PROCESSES)
@ResourceLock(Build.NETWORK)
class BrowserTest {
  /** The player fetches so far ahead: what plays later than that was fetched after the fault. */
  private static final double AHEAD_SECONDS = 9;

  /** Less than this of silence in between nobody would call a gap in a song. */
  private static final double GAP_SECONDS = 0.5;

  private final Path directory = Build.root().resolve("target/browser");

  @Test
  void songGoesOnAndTheFeedComesBackWhenABackendIsKilled() throws TestbedException {
    Path program = Chromium.program();
    try (Testbed testbed = testbed(new AddressPlan.Ephemeral(), new Topology(1, 3));
        Playwright playwright = Chromium.playwright();
        Browser browser = playwright.chromium().launch(Chromium.options(program));
        Listener listener =
            new Listener(
                browser, "http://dumbsound.localhost:" + testbed.listeners().get(0).port() + "/")) {
      String victim = listener.awaitFeedOfOther("");
      listener.play();
      listener.awaitPosition(2);
      listener.awaitSound();
      listener.awaitBetweenRequests();
      double position = listener.position();
      double behind = listener.behind();

      testbed.kill(victim);

      assertThat(listener.awaitFeedOfOther(victim)).startsWith("backend-");
      assertThat(listener.text("feed-status")).isEqualTo("live over WebSocket");
      listener.awaitPosition(position + AHEAD_SECONDS + 3);
      listener.awaitSound();
      assertThat(listener.behind()).isCloseTo(behind, within(GAP_SECONDS));
      assertThat(listener.senders()).last().isNotEqualTo(victim);
      assertThat(listener.complaints()).isEmpty();
      looksRight(listener);
    }
  }

  /** Both balancers have one name: the browser knows both addresses, and uses the first. */
  @Test
  void songGoesOnAndTheFeedComesBackWhenABalancerIsKilled() throws TestbedException, IOException {
    TwoAddresses name = TwoAddresses.of("dumbsound.test", "127.0.0.1", "127.0.0.2");
    Path program = name.browser(Chromium.program(), directory);
    AddressPlan.OnePort addresses = AddressPlan.OnePort.free();
    try (Testbed testbed = testbed(addresses, new Topology(2, 3));
        Playwright playwright = Chromium.playwright();
        Browser browser = playwright.chromium().launch(Chromium.options(program));
        Listener listener =
            new Listener(browser, "http://dumbsound.test:" + addresses.port() + "/")) {
      listener.awaitFeedOfOther("");
      listener.play();
      listener.awaitPosition(2);
      listener.awaitSound();
      listener.awaitBetweenRequests();
      double position = listener.position();
      double behind = listener.behind();

      testbed.kill(balancerInUse(testbed));

      listener.awaitFeedLost();
      listener.awaitFeedOfOther("");
      listener.awaitPosition(position + AHEAD_SECONDS + 3);
      listener.awaitSound();
      assertThat(listener.behind()).isCloseTo(behind, within(GAP_SECONDS));
      assertThat(listener.complaints()).isEmpty();
    }
  }

  /** The one that the browser connects to: the first of the name's addresses. */
  private static String balancerInUse(Testbed testbed) throws TestbedException {
    List<String> used = testbed.accessLog().stream().map(Exchange::member).distinct().toList();
    assertThat(used).containsExactly("balancer-1");
    return used.get(0);
  }

  private void looksRight(Listener listener) {
    listener.screenshot(directory.resolve("wide.png"));
    assertThat(listener.overflows()).as("wide page").isFalse();
    listener.narrow();
    listener.screenshot(directory.resolve("narrow.png"));
    assertThat(listener.overflows()).as("narrow page").isFalse();
  }

  private Testbed testbed(AddressPlan addresses, Topology topology) throws TestbedException {
    return ProcessTestbed.start(
        new Setup(
            directory,
            Build.programs(),
            addresses,
            topology,
            Setup.ServiceTime.NONE,
            new Clock(),
            line -> {}));
  }
}
