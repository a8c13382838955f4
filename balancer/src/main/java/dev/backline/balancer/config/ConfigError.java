package dev.backline.balancer.config;

/**
 * One thing that is wrong in a configuration, for a person who can mend it.
 *
 * @param path the key, as in {@code pools.web.backends[0].weight}, counted from 0; empty where the
 *     text as a whole is meant, or can't be read
 * @param line from 1, always within the text
 * @param column from 1
 * @param value what was found, made fit for a terminal
 * @param expected what should be there
 */
public record ConfigError(String path, int line, int column, String value, String expected) {
  /** Checks the line and the column. */
  public ConfigError {
    Checks.positive("line", line);
    Checks.positive("column", column);
  }

  @Override
  public String toString() {
    String where =
        path.isEmpty()
            ? "line " + line + ", column " + column + ": "
            : path + " (line " + line + "): ";
    return where + value + " (expected: " + expected + ")";
  }
}
