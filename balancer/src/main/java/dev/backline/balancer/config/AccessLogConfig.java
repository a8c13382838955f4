package dev.backline.balancer.config;

/** Where the access log goes. */
public sealed interface AccessLogConfig {
  /** What holds where the configuration says nothing. */
  AccessLogConfig DEFAULT = new Stdout();

  /** To standard output. */
  record Stdout() implements AccessLogConfig {
    @Override
    public String toString() {
      return "stdout";
    }
  }

  /** Nowhere. */
  record None() implements AccessLogConfig {
    @Override
    public String toString() {
      return "none";
    }
  }

  /**
   * To a file.
   *
   * @param path relative to the configuration's folder
   */
  record File(String path) implements AccessLogConfig {
    /** Checks that there is a name. */
    public File {
      Checks.present("path", path);
    }

    @Override
    public String toString() {
      return path;
    }
  }
}
