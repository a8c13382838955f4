package dev.backline.balancer.config;

/**
 * Where a member writes what its decisions were made of, when it puts a backend out.
 *
 * @param directory relative to the configuration file
 * @param keep how many files are kept, the newest; 0: none is written
 */
public record IncidentsConfig(String directory, int keep) {
  /** What holds where the configuration says nothing. */
  public static final IncidentsConfig DEFAULT = new IncidentsConfig("backline-incidents", 20);

  /** Checks the number. */
  public IncidentsConfig {
    Checks.present("directory", directory);
    if (keep < 0) {
      throw new IllegalArgumentException("keep: " + keep + " (expected: >= 0)");
    }
  }
}
