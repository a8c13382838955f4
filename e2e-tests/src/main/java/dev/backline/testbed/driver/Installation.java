package dev.backline.testbed.driver;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The programs where they are run: copies of the built jars, which a build that runs beside doesn't
 * pull away from under living processes, and their class archives.
 */
public final class Installation {
  private static final List<String> MODULES = List.of("balancer", "sample-backend");

  private Installation() {}

  /**
   * Brings the directory up to what was built; returns at once if it is. Blocks for some seconds
   * where archives have to be made; another process that does it just now is waited for.
   *
   * @param root the project's top folder
   * @param progress told what takes time, a line each
   */
  public static synchronized Programs upToDate(Path root, Path directory, Consumer<String> progress)
      throws TestbedException {
    try {
      Files.createDirectories(directory);
      Path lock = directory.resolve("install.lock");
      try (FileChannel channel =
              FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        assert held.isValid();
        for (String module : MODULES) {
          copy(built(root, module), directory, module);
        }
        archive(directory, progress);
      }
    } catch (IOException e) {
      throw new TestbedException("cannot bring " + directory + " up to date", e);
    }
    return Programs.of(jar(directory, MODULES.get(0)), jar(directory, MODULES.get(1)));
  }

  private static Path built(Path root, String module) throws TestbedException {
    Path jar = root.resolve(module).resolve("target").resolve(module + ".jar");
    if (!Files.isRegularFile(jar)) {
      throw new TestbedException(
          jar + ": no such file (expected: the built jar; run: mvn -DskipTests package)");
    }
    return jar;
  }

  private static Path jar(Path directory, String module) {
    return directory.resolve(module + ".jar");
  }

  private static void copy(Path built, Path directory, String module) throws IOException {
    Path jar = jar(directory, module);
    if (Files.exists(jar) && Files.mismatch(built, jar) == -1) {
      return;
    }
    removeArchives(directory, module);
    Path fresh = directory.resolve(module + ".jar.new");
    Files.copy(built, fresh, StandardCopyOption.REPLACE_EXISTING);
    Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void removeArchives(Path directory, String module) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.startsWith(module + "-") && name.endsWith(".jsa")) {
          Files.delete(file);
        }
      }
    }
  }

  /** Without an archive everything works, too: it starts a little later. */
  private static void archive(Path directory, Consumer<String> progress) {
    Path balancer = jar(directory, MODULES.get(0));
    Path backend = jar(directory, MODULES.get(1));
    Optional<String> whyNot = ClassArchive.whyNot();
    if (whyNot.isPresent()
        || (Files.exists(ClassArchive.of(balancer)) && Files.exists(ClassArchive.of(backend)))) {
      return;
    }
    progress.accept("archiving the classes of balancer and backend, once for each build");
    try {
      ClassArchive.make(directory.resolve("rehearsal"), balancer, backend);
    } catch (TestbedException e) {
      progress.accept("no class archives, starts take longer: " + e.getMessage());
    }
  }
}
