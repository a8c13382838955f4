package dev.backline.testbed.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Directories that belong to the testbed: what an earlier run left there may go. */
public final class Directory {
  private static final List<String> OURS =
      List.of(".log", ".ledger", ".yml", ".new", ".token", ".secret", ".json", ".jsonl", ".txt");

  /** What a balancer's own directory is called. */
  private static final Pattern BALANCER = Pattern.compile("balancer-\\d+");

  private Directory() {}

  /**
   * Makes the directory, and removes files of an earlier run, those in the balancers' directories
   * too; others are left alone.
   */
  public static void makeEmpty(Path directory) throws TestbedException {
    try {
      Files.createDirectories(directory);
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          if (Files.isDirectory(file) && BALANCER.matcher(name(file)).matches()) {
            makeEmpty(file);
          } else if (OURS.stream().anyMatch(end -> file.toString().endsWith(end))) {
            Files.delete(file);
          }
        }
      }
    } catch (IOException e) {
      throw new TestbedException("cannot use the directory " + directory, e);
    }
  }

  static void delete(Path file) throws TestbedException {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new TestbedException("cannot remove " + file, e);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
