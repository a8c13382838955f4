package dev.backline.testbed.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Directories that belong to the testbed: what an earlier run left there may go. */
public final class Directory {
  private static final List<String> OURS =
      List.of(".log", ".ledger", ".yml", ".new", ".token", ".json", ".jsonl", ".txt");

  private Directory() {}

  /** Makes the directory, and removes files of an earlier run; others are left alone. */
  public static void makeEmpty(Path directory) throws TestbedException {
    try {
      Files.createDirectories(directory);
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          if (OURS.stream().anyMatch(end -> file.toString().endsWith(end))) {
            Files.delete(file);
          }
        }
      }
    } catch (IOException e) {
      throw new TestbedException("cannot use the directory " + directory, e);
    }
  }
}
