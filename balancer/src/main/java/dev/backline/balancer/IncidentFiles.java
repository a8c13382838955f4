package dev.backline.balancer;

import dev.backline.balancer.incident.Incident;
import dev.backline.balancer.incident.IncidentText;
import dev.backline.balancer.incident.Recording;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A member's incidents in files, the newest of them: {@code 20261123T151307.042Z-balancer-1.jsonl}.
 * Each is replaced whole, and readable by its owner only.
 */
final class IncidentFiles {
  private static final System.Logger LOG = System.getLogger(IncidentFiles.class.getName());
  private static final String TIME = "[0-9]{8}T[0-9]{6}\\.[0-9]{3}Z-";
  private static final DateTimeFormatter NAME_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Vertx vertx;
  private final Path directory;
  private final int keep;
  private final Pattern mine;
  private final String suffix;
  private Future<Void> writing = Future.succeededFuture();

  /**
   * Creates it; nothing is written yet.
   *
   * @param keep how many stay; 0: none is written
   */
  IncidentFiles(Vertx vertx, Path directory, int keep, String member) {
    this.vertx = vertx;
    this.directory = directory;
    this.keep = keep;
    this.suffix = member + ".jsonl";
    this.mine = Pattern.compile(TIME + Pattern.quote(suffix));
  }

  /** Writes one, on a worker, after those that were to be written before. On one event loop. */
  void write(Recording recording) {
    if (keep > 0) {
      writing =
          writing
              .compose(v -> vertx.<Void>executeBlocking(() -> writeNow(recording.incident())))
              .otherwiseEmpty(); // It was told; the member goes on without.
    }
  }

  /** Done when all are written. */
  Future<Void> written() {
    return writing;
  }

  private Void writeNow(Incident incident) {
    Instant at = Instant.ofEpochMilli(incident.header().wallMillis());
    Path file = directory.resolve(NAME_TIME.format(at) + "-" + suffix);
    Path half = directory.resolve(file.getFileName() + ".half");
    try {
      Files.createDirectories(directory);
      Files.deleteIfExists(half);
      Files.createFile(half, ownerOnly());
      Files.write(half, IncidentText.lines(incident));
      Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
      LOG.log(
          System.Logger.Level.INFO,
          "incident file={0} events={1} why=\"{2}\"",
          file,
          String.valueOf(incident.entries().size()),
          String.join("; ", incident.header().why()));
      deleteOldest();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "{0}: can''t be written: {1}", file, e.toString());
    }
    return null;
  }

  private void deleteOldest() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(f -> mine.matcher(f.getFileName().toString()).matches()).sorted().toList();
    }
    for (Path oldest : files.subList(0, Math.max(0, files.size() - keep))) {
      Files.deleteIfExists(oldest);
    }
  }

  private FileAttribute<?>[] ownerOnly() {
    return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Reads a file; blocks. */
  static Incident read(Path file) throws IOException, IncidentText.Unreadable {
    try {
      return IncidentText.read(Files.readAllLines(file));
    } catch (MalformedInputException e) {
      throw new IOException("not text (expected: UTF-8)", e);
    }
  }
}
