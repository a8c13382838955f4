package dev.backline.balancer.discovery;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is registered, in a file for this member's next life: so that all members may be restarted
 * at once. Replaced whole, so that no crash leaves half of one.
 *
 * <p>Owned by the control loop's event loop; writes on a worker, one at a time.
 */
public final class RegistrationFile {
  /** Older ones are only a hint, and nobody asks for it yet. */
  private static final Duration LONGEST_LIFE = Duration.ofHours(24);

  /** Written again without any change, so that what holds doesn't look old. */
  private static final long REFRESH_MILLIS = 60_000;

  private static final System.Logger LOG = System.getLogger(RegistrationFile.class.getName());

  private final Vertx vertx;
  private final Context context;
  private final Path file;
  private final InstantSource clock;
  private final Map<PoolName, List<Registration>> kept = new LinkedHashMap<>();
  private List<MemberId> live = List.of();
  private final Map<MemberId, Instant> missed = new TreeMap<>();
  private Future<Void> writing = Future.succeededFuture();
  private boolean again;

  /** Creates it; nothing is read or written yet. */
  public RegistrationFile(Vertx vertx, Path file, InstantSource clock) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.file = file;
    this.clock = clock;
    vertx.setPeriodic(REFRESH_MILLIS, timer -> refresh());
  }

  /**
   * What an earlier life knew.
   *
   * @param silentNanos which other members there were that had not left, and for how long each has
   *     not been heard
   */
  public record State(List<Registration> registrations, Map<MemberId, Long> silentNanos) {
    static final State NOTHING = new State(List.of(), Map.of());
  }

  /** Returns what an earlier life wrote, if it is of use; blocks. A bad file is told of. */
  public State read() {
    try {
      JsonObject state = new JsonObject(Files.readString(file));
      Instant now = clock.instant();
      Duration age = Duration.between(Instant.parse(state.getString("savedAt")), now);
      List<Registration> read = new ArrayList<>();
      for (Object each : state.getJsonArray("registrations")) {
        read.add(registration((JsonObject) each));
      }
      Map<MemberId, Long> silentNanos = new TreeMap<>();
      for (Map.Entry<String, Object> each : state.getJsonObject("heard", new JsonObject())) {
        Instant heard = Instant.parse((String) each.getValue());
        long nanos = Math.max(0, Duration.between(heard, now).toNanos());
        silentNanos.put(new MemberId(each.getKey()), nanos);
      }
      if (age.abs().compareTo(LONGEST_LIFE) > 0) {
        LOG.log(
            System.Logger.Level.WARNING,
            "{0}: {1} h old (expected: at most {2}); its {3} registrations are not used",
            file,
            age.toHours(),
            LONGEST_LIFE.toHours(),
            read.size());
        return State.NOTHING;
      }
      return new State(read, silentNanos);
    } catch (NoSuchFileException e) {
      return State.NOTHING;
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "{0}: can''t be read: {1}", file, e.toString());
    } catch (DecodeException
        | DateTimeException
        | ClassCastException
        | NullPointerException
        | IllegalArgumentException e) {
      // Somebody changed it, or a disk did: anything may be missing or something else.
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: not what a member writes, and not used: {1}",
          file,
          e.toString());
    }
    return State.NOTHING;
  }

  /** Keeps these registrations of a pool, and no others of it. */
  public void keep(PoolName pool, List<Registration> registrations) {
    if (registrations.isEmpty()) {
      kept.remove(pool);
    } else {
      kept.put(pool, registrations);
    }
    write();
  }

  /**
   * Keeps these other members; without a registration there is nothing to keep them for.
   *
   * @param heard those that are heard
   * @param silentNanos those that are missed, and for how long each has been silent
   */
  public void keep(List<MemberId> heard, Map<MemberId, Long> silentNanos) {
    live = List.copyOf(heard);
    missed.clear();
    silentNanos.forEach((member, nanos) -> missed.put(member, clock.instant().minusNanos(nanos)));
    refresh();
  }

  /** Returns when all that was to be kept is written, or can't be. Any thread may call. */
  public Future<Void> written() {
    Promise<Void> promise = Promise.promise();
    context.runOnContext(v -> afterWriting(promise));
    return promise.future();
  }

  private void afterWriting(Promise<Void> promise) {
    Future<Void> current = writing;
    current.onComplete(
        v -> {
          if (writing == current) {
            promise.complete();
          } else {
            afterWriting(promise);
          }
        });
  }

  private void refresh() {
    if (!kept.isEmpty()) {
      write();
    }
  }

  private void write() {
    if (!writing.isComplete()) {
      again = true;
      return;
    }
    again = false;
    Instant now = clock.instant();
    Map<PoolName, List<Registration>> registrations = new LinkedHashMap<>(kept);
    Map<MemberId, Instant> heard = new TreeMap<>(missed);
    live.forEach(member -> heard.put(member, now));
    Future<Void> done =
        vertx.executeBlocking(
            () -> {
              replace(text(now, registrations, heard));
              return null;
            });
    writing =
        done.otherwise(
            e -> {
              LOG.log(System.Logger.Level.WARNING, "{0}: can''t be written: {1}", file, e);
              return null;
            });
    writing.onComplete(
        v -> {
          if (again) {
            write();
          }
        });
  }

  private void replace(String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String text(
      Instant now, Map<PoolName, List<Registration>> registrations, Map<MemberId, Instant> heard) {
    JsonArray words = new JsonArray();
    registrations.values().forEach(all -> all.forEach(each -> words.add(json(each))));
    JsonObject members = new JsonObject();
    heard.forEach((member, at) -> members.put(member.value(), at.toString()));
    return new JsonObject()
            .put("savedAt", now.toString())
            .put("heard", members)
            .put("registrations", words)
            .encodePrettily()
        + "\n";
  }

  private static JsonObject json(Registration registration) {
    JsonObject json =
        new JsonObject()
            .put("pool", registration.pool().value())
            .put("name", registration.name())
            .put("incarnation", registration.incarnation())
            .put("sequence", registration.sequence());
    Registration.Terms terms = registration.terms();
    return terms == null
        ? json.put("withdrawn", true)
        : json.put("address", terms.address().toString())
            .put("weight", terms.weight())
            .put("leaseMillis", terms.leaseMillis())
            .put("secretDigest", terms.secretDigest());
  }

  private static Registration registration(JsonObject json) {
    Registration.Terms terms =
        json.getBoolean("withdrawn", false)
            ? null
            : new Registration.Terms(
                BackendId.parse(json.getString("address")),
                json.getInteger("weight"),
                json.getLong("leaseMillis"),
                json.getString("secretDigest"));
    return new Registration(
        new PoolName(json.getString("pool")),
        json.getString("name"),
        json.getLong("incarnation"),
        json.getLong("sequence"),
        terms);
  }
}
