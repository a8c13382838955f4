package dev.backline.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Entry point: arguments in, exit code out.
 *
 * <p>Exit codes: 0 done, 1 unexpected, 2 wrong command line, 4 cannot listen.
 */
public final class Main {
  private static final int UNEXPECTED = 1;
  private static final int WRONG_COMMAND_LINE = 2;
  private static final int CANNOT_LISTEN = 4;

  private Main() {}

  public static void main(String[] args) {
    System.setProperty("java.util.logging.manager", LastingLogManager.class.getName());
    System.setProperty(
        "java.util.logging.SimpleFormatter.format", "%1$tFT%1$tT.%1$tL%1$tz %4$s %3$s %5$s%6$s%n");
    CommandLine commandLine = Arguments.commandLine();
    try {
      CommandLine.ParseResult parsed = commandLine.parseArgs(args);
      if (parsed.isUsageHelpRequested()) {
        commandLine.usage(System.out);
        return;
      }
      run(Arguments.options(parsed));
    } catch (ParameterException | IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.println("(sample-backend --help lists the options)");
      System.exit(WRONG_COMMAND_LINE);
    }
  }

  private static void run(Options options) {
    Logger log = System.getLogger(Main.class.getName());
    SampleBackend backend;
    try {
      backend = SampleBackend.start(options).toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      System.exit(report(options, e.getCause() == null ? e : e.getCause(), System.err));
      return;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(backend), "drain"));
    // Before any shutdown: the JDK makes no log handlers once that has begun.
    log.log(
        Level.INFO,
        "event=listening instance=" + options.instance() + " address=" + backend.address());
    System.out.println("ready instance=" + options.instance() + " address=" + backend.address());
    if (options.exitWithStdin()) {
      Thread watch = new Thread(() -> exitAtEndOf(System.in), "stdin");
      watch.setDaemon(true);
      watch.start();
    }
  }

  /** Halts in the end: an exit code of 143 would look like a crash to who sent the SIGTERM. */
  private static void stop(SampleBackend backend) {
    int code = 0;
    try {
      backend.drain().toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      System.err.println("drain: " + e.getCause());
      code = UNEXPECTED;
    }
    Runtime.getRuntime().halt(code);
  }

  private static void exitAtEndOf(InputStream in) {
    try {
      while (in.read() >= 0) {
        // What is written to us has no meaning; only its end has.
      }
    } catch (IOException e) {
      System.err.println("standard input: " + e.getMessage());
    }
    System.exit(0);
  }

  private static int report(Options options, Throwable cause, PrintStream err) {
    if (cause instanceof CannotListen) {
      err.println(cause.getMessage());
      return CANNOT_LISTEN;
    }
    if (cause instanceof IllegalArgumentException) {
      err.println(cause.getMessage());
      return WRONG_COMMAND_LINE;
    }
    err.println("unexpected with " + options + ": " + cause);
    return UNEXPECTED;
  }
}
