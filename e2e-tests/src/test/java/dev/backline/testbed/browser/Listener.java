package dev.backline.testbed.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody in front of the page: hears what it plays, sees what it shows, reads its console. */
final class Listener implements AutoCloseable {
  /** Starts with the page: keeps what the player makes its sound with where a test finds it. */
  private static final String EAR =
      """
      window.AudioContext = class extends AudioContext {
        constructor(options) { super(options); window.ear = { context: this }; }
        createAnalyser() { return window.ear.analyser = super.createAnalyser(); }
      };
      """;

  private static final String LOUDEST =
      """
      () => {
        const wave = new Float32Array(window.ear.analyser.fftSize);
        window.ear.analyser.getFloatTimeDomainData(wave);
        return Math.max(...wave.map(Math.abs));
      }
      """;

  private static final String PIECES = "#pieces i[title]";
  private static final double PATIENCE_MILLIS = 60_000;

  private final Page page;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  Listener(Browser browser, String url) {
    page = browser.newPage(new Browser.NewPageOptions().setViewportSize(1280, 900));
    page.setDefaultTimeout(PATIENCE_MILLIS);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.text() + " at " + message.location());
          }
        });
    page.onPageError(complaints::add);
    page.addInitScript(EAR);
    page.navigate(url);
  }

  /** What the console said of errors and warnings so far. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  void play() {
    page.locator(".card .play").first().click();
  }

  /**
   * Waits for a moment in which the page waits for no answer: its line check is over, and a piece
   * of the song has just come; the next one is asked for seconds later.
   */
  void awaitBetweenRequests() {
    page.waitForFunction("() => document.querySelectorAll('#bars li').length >= 16");
    int pieces = page.locator(PIECES).count();
    page.waitForFunction(
        "before => document.querySelectorAll('" + PIECES + "').length > before", pieces);
  }

  /** Waits until the song is at so many seconds. */
  void awaitPosition(double seconds) {
    page.waitForFunction("at => player.state() && player.state().position >= at", seconds);
  }

  double position() {
    return number("() => player.state().position");
  }

  /** Seconds by which the song is behind the browser's audio clock: they grow with each gap. */
  double behind() {
    return number("() => ear.context.currentTime - player.state().position");
  }

  /** Waits until there is sound, which silence between two notes is not. */
  void awaitSound() {
    page.waitForFunction("() => (" + LOUDEST.strip() + ")() > 0.01");
  }

  /** Waits until the feed is live, and not from the one named; returns whose it is. */
  String awaitFeedOfOther(String instance) {
    page.waitForFunction(
        "other => liveFeed.instance() !== null && liveFeed.instance() !== other", instance);
    return String.valueOf(page.evaluate("() => liveFeed.instance()"));
  }

  /** Waits until the page has noticed that its feed is gone. */
  void awaitFeedLost() {
    page.waitForFunction("() => liveFeed.instance() === null");
  }

  String text(String id) {
    return page.locator("#" + id).textContent();
  }

  /** Names of those who sent the pieces of the song so far. */
  List<String> senders() {
    return page.locator(PIECES).all().stream().map(piece -> piece.getAttribute("title")).toList();
  }

  /** Whether something lies beyond the right edge. */
  boolean overflows() {
    return Boolean.TRUE.equals(
        page.evaluate("() => document.documentElement.scrollWidth > window.innerWidth"));
  }

  /** As on a telephone. */
  void narrow() {
    page.setViewportSize(390, 844);
    page.locator("#player").scrollIntoViewIfNeeded();
  }

  /** Of what is in view: what stays in place while the rest scrolls isn't drawn right otherwise. */
  void screenshot(Path file) {
    page.screenshot(new Page.ScreenshotOptions().setPath(file));
  }

  @Override
  public void close() {
    page.close();
  }

  private double number(String function) {
    return ((Number) page.evaluate(function)).doubleValue();
  }
}
