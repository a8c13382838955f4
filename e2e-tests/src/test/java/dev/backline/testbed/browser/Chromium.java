package dev.backline.testbed.browser;

import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import dev.backline.testbed.Requirement;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Chromium that is installed; none is ever downloaded. */
final class Chromium {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private Chromium() {}

  /** Its program; without one the test that asks is skipped. */
  static Path program() {
    Optional<Path> found = onPath();
    if (found.isEmpty()) {
      Requirement.CHROMIUM.missing("no Chromium found (expected one of " + NAMES + " on the PATH)");
    }
    return found.orElseThrow();
  }

  /** Playwright without browsers of its own. */
  static Playwright playwright() {
    return Playwright.create(
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
  }

  /** Without its sandbox: as root, and in most containers, it has none. */
  static BrowserType.LaunchOptions options(Path program) {
    return new BrowserType.LaunchOptions()
        .setExecutablePath(program)
        .setArgs(List.of("--no-sandbox", "--disable-quic"));
  }

  private static Optional<Path> onPath() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return NAMES.stream()
        .flatMap(
            name ->
                Stream.of(path.split(Pattern.quote(File.pathSeparator), -1))
                    .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
