package dev.backline.balancer.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A mistake in the real code: one place of one file, as it is and as it would be wrong, and the
 * check that must see it.
 *
 * @param file below the product's own package, without {@code .java}
 * @param right the text as it stands there, once
 */
record Mutant(String name, String check, String file, String right, String wrong) {
  private static final String PACKAGE = "dev/backline/balancer/";

  /** Returns what the file is about. */
  String className() {
    return (PACKAGE + file).replace('/', '.');
  }

  /** Returns the file's text with the mistake in it. */
  String source() {
    String source = read();
    int at = source.indexOf(right);
    if (at < 0 || source.indexOf(right, at + 1) >= 0) {
      throw new AssertionError(
          "%s.java has not exactly one \"%s\" (expected: one; the mutant \"%s\" follows the code)"
              .formatted(file, right, name));
    }
    return source.replace(right, wrong);
  }

  private String read() {
    try {
      return Files.readString(Path.of("src/main/java", PACKAGE, file + ".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name + " is killed by " + check;
  }
}
