package dev.backline.sample.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every executed request that carried an {@code X-Request-Id}: in memory the last {@value #KEPT}
 * lines, in the file, if there is one, all of them.
 *
 * <p>Owned by the event loop.
 */
public final class Ledger {
  /** Lines kept in memory; about 15 MB when full. */
  public static final int KEPT = 200_000;

  /** Longest {@code X-Request-Id} that is taken. */
  public static final int LONGEST_ID = 64;

  /** Paths are few and repeat: each is kept once, up to this many. */
  private static final int SHARED_PATHS = 1_000;

  private final int kept;
  private final InstantSource clock;
  private final @Nullable LedgerFile file;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private final Map<String, String> paths = new HashMap<>();
  private long dropped;

  public Ledger(int kept, InstantSource clock, @Nullable LedgerFile file) {
    this.kept = kept;
    this.clock = clock;
    this.file = file;
  }

  /**
   * Must be called before the request has any effect. Throws {@code UncheckedIOException} if the
   * line cannot be written: then the request must not be executed.
   */
  public Entry.Begin begin(String id, String method, String path) {
    Entry.Begin begin = new Entry.Begin(id, method, shared(path), now());
    add(begin);
    return begin;
  }

  public void end(Entry.Begin begin, int status) {
    add(new Entry.End(begin, status, now()));
  }

  public void aborted(Entry.Begin begin) {
    add(new Entry.Aborted(begin, now()));
  }

  /** What is in memory now, oldest first. */
  public List<Entry> entries() {
    return Arrays.asList(entries.toArray(new Entry[0]));
  }

  /** How many lines are no longer in memory. */
  public long dropped() {
    return dropped;
  }

  private void add(Entry entry) {
    if (file != null) {
      byte[] line = (entry.toJson().encode() + "\n").getBytes(StandardCharsets.UTF_8);
      try {
        file.append(line);
      } catch (IOException e) {
        throw new UncheckedIOException("ledger: " + e.getMessage(), e);
      }
    }
    if (entries.size() == kept) {
      entries.removeFirst();
      dropped++;
    }
    entries.addLast(entry);
  }

  private String shared(String path) {
    String known = paths.get(path);
    if (known != null) {
      return known;
    }
    if (paths.size() < SHARED_PATHS) {
      paths.put(path, path);
    }
    return path;
  }

  private long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }
}
