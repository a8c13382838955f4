package dev.backline.testbed.driver;

/** Something that a person at the command line can act on; never shown with a stack trace. */
public final class TestbedException extends Exception {
  private static final long serialVersionUID = 1;

  /** Why the process will end; the codes are those of the balancer too. */
  public enum Cause {
    FAILED(1),
    WRONG_COMMAND(2),
    CANNOT_LISTEN(4),
    NOTHING_PROVED(6);

    private final int exitCode;

    Cause(int exitCode) {
      this.exitCode = exitCode;
    }

    public int exitCode() {
      return exitCode;
    }

    /** The cause of an exit code; any other code is a failure. */
    public static Cause ofExitCode(int code) {
      for (Cause cause : values()) {
        if (cause.exitCode == code) {
          return cause;
        }
      }
      return FAILED;
    }
  }

  private final Cause cause;

  public TestbedException(Cause cause, String message) {
    super(message);
    this.cause = cause;
  }

  public TestbedException(String message) {
    this(Cause.FAILED, message);
  }

  public TestbedException(String message, Throwable why) {
    super(message + ": " + why.getMessage(), why);
    this.cause = Cause.FAILED;
  }

  public int exitCode() {
    return cause.exitCode();
  }
}
