package dev.backline.balancer.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.topic.ITopic;
import dev.backline.balancer.control.ClusterView;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Events;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The link over Hazelcast. A map keeps each member's observations for those that come later; a
 * topic brings each change at once; beats say who is live.
 *
 * <p>One thread, the link's own, owns all that isn't final or volatile here; only to read the whole
 * map, which waits for every member, there is another. Where Hazelcast makes it wait, what is to be
 * said stands in a backlog with one place for each backend: the newest word replaces an older one.
 */
public final class HazelcastLink implements ClusterLink, SharedObservations.Carrier {
  private static final System.Logger LOG = System.getLogger(HazelcastLink.class.getName());

  private static final long BEAT_MILLIS = 500;
  private static final long FAREWELL_MILLIS = 500;
  private static final long READ_AGAIN_NANOS = 10_000_000_000L;
  private static final long JOIN_AGAIN_SECONDS = 5;
  // What its owner doesn't write again, and what was withdrawn, is forgotten.
  private static final Duration KEPT = Duration.ofHours(24);
  private static final long ALARM_NANOS = 1_000_000_000L;

  private final ClusterOptions options;
  private final Events events;
  private final LongSupplier clock;
  private final ScheduledExecutorService thread;
  private final ExecutorService reader;
  private final CompletableFuture<Void> started = new CompletableFuture<>();

  private final Backlog<List<String>> backlog = new Backlog<>();

  private volatile ClusterView view = ClusterView.ALONE;
  private volatile boolean leaving;

  private final SharedObservations observations;
  private final Board board = new Board(SharedObservations.OBSERVATIONS);
  private final RegistrationBoard registrations;
  private @Nullable HazelcastInstance hazelcast;
  private @Nullable ITopic<SharedRecord> beats;
  private List<MemberId> told = List.of();
  private final Readings readings = new Readings();
  private long readAtNanos;
  private long alarmedAtNanos;

  /**
   * Prepares a link; nothing is loaded or opened yet.
   *
   * @param clock the member's monotonic clock, in nanoseconds
   * @param wallMillis tells the incarnations of this member apart
   */
  public HazelcastLink(ClusterOptions options, Events events, LongSupplier clock, long wallMillis) {
    this.options = options;
    this.events = events;
    this.clock = clock;
    this.alarmedAtNanos = clock.getAsLong() - ALARM_NANOS;
    Signer signer = new Signer(options.cluster(), options.secret());
    this.observations = new SharedObservations(options.self(), signer, wallMillis, this);
    this.registrations = new RegistrationBoard(signer, options.self(), clock);
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(1, task -> daemon(task, "cluster-link"));
    executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    this.thread = executor;
    this.reader = Executors.newSingleThreadExecutor(task -> daemon(task, "cluster-reader"));
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public CompletionStage<?> start() {
    var unused =
        thread.scheduleAtFixedRate(
            guarded(this::beat), BEAT_MILLIS, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    thread.execute(guarded(this::join));
    return started;
  }

  @Override
  public CompletionStage<?> readAgain() {
    CompletableFuture<Void> read = new CompletableFuture<>();
    later(
        () -> {
          readings.want(read);
          read();
        });
    return read;
  }

  @Override
  public void share(PoolName pool, BackendId backend, Observation observation) {
    say(SharedObservations.key(pool, backend), SharedObservations.words(observation));
  }

  @Override
  public void withdraw(PoolName pool, BackendId backend) {
    say(SharedObservations.key(pool, backend), List.of());
  }

  @Override
  public void share(Registration registration) {
    if (registrations.put(registration)) {
      later(registrations::drain);
    }
  }

  @Override
  public ClusterView view() {
    return view;
  }

  @Override
  public CompletionStage<?> leave() {
    leaving = true;
    CompletableFuture<Void> left = new CompletableFuture<>();
    thread.execute(
        () -> {
          try {
            sayFarewell();
            if (hazelcast != null) {
              hazelcast.shutdown();
            }
          } finally {
            left.complete(null);
          }
        });
    thread.shutdown();
    reader.shutdown();
    return left;
  }

  /** Whoever hears it needs not wait for this member, nor for what it may be told. */
  private void sayFarewell() {
    if (beats != null) {
      beats
          .publishAsync(observations.farewell())
          .toCompletableFuture()
          .completeOnTimeout(null, FAREWELL_MILLIS, TimeUnit.MILLISECONDS)
          .exceptionally(failure -> null) // It is missed then, as if it had died.
          .join();
    }
  }

  private void say(String key, List<String> fields) {
    if (backlog.put(key, fields)) {
      later(this::drain);
    }
  }

  private void drain() {
    if (observations.wasRead()) {
      observations.say(backlog.takeAll());
    } else {
      backlog.putOff(); // Said when it has joined, and knows its own older words.
    }
  }

  @Override
  public void write(SharedRecord record) {
    board.write(record, KEPT);
  }

  @Override
  public void tell(Event event) {
    events.emit(event);
  }

  private void join() {
    try {
      HazelcastInstance made = Hazelcast.newHazelcastInstance(HazelcastConfigs.of(options));
      hazelcast = made;
      made.getLifecycleService().addLifecycleListener(event -> later(() -> onLife(made, event)));
      listen(made);
      readAll();
    } catch (RuntimeException e) {
      started.completeExceptionally(e);
      alarm("not joined, tried again in " + JOIN_AGAIN_SECONDS + " s: " + e);
      joinAgain();
    }
  }

  private void listen(HazelcastInstance made) {
    beats = made.getTopic(SharedObservations.BEATS);
    made.getCluster().addMembershipListener(new Membership());
    beats.addMessageListener(message -> later(() -> onBeat(message.getMessageObject())));
    board.open(
        made,
        record -> later(() -> onRecord(record, true)),
        record -> later(() -> onRecord(record, false)));
    registrations.open(made, record -> later(() -> onRegistration(record)));
  }

  /** Whatever ended this node, a new one begins where it was; what this member said is kept. */
  private void joinAgain() {
    HazelcastInstance ended = hazelcast;
    hazelcast = null;
    board.close();
    beats = null;
    registrations.close();
    if (ended != null) {
      ended.getLifecycleService().terminate();
    }
    var unused = thread.schedule(guarded(this::join), JOIN_AGAIN_SECONDS, TimeUnit.SECONDS);
  }

  private void beat() {
    long nowNanos = clock.getAsLong();
    observations.updateLive(nowNanos);
    show();
    if (beats != null) {
      beats.publishAsync(observations.beat());
    }
    if (nowNanos - readAtNanos >= READ_AGAIN_NANOS) {
      readings.want();
    }
    read();
  }

  private void showIfChanged() {
    if (!observations.live().equals(told)) {
      show();
    }
  }

  /** Shows how it sees the cluster. */
  private void show() {
    List<MemberId> now = observations.live();
    HazelcastInstance node = hazelcast;
    boolean joined = node != null && node.getLifecycleService().isRunning();
    int members = node != null && joined ? node.getCluster().getMembers().size() : 1;
    view = new ClusterView(joined, members, now, observations.refused());
    if (!now.equals(told)) {
      LOG.log(System.Logger.Level.INFO, "cluster live={0} members={1}", now, members);
      told = now;
    }
  }

  /** Reads all that is there, on a thread of its own: a member that stands still stops it. */
  private void readAll() {
    readings.want();
    read();
  }

  private void read() {
    HazelcastInstance instance = hazelcast;
    if (instance == null || leaving || !readings.begin()) {
      return;
    }
    readAtNanos = clock.getAsLong();
    reader.execute(
        () -> {
          try {
            Map<String, SharedRecord> there = board.read(instance);
            Map<String, SharedRecord> registered = registrations.read(instance);
            later(() -> onAllRead(instance, there, registered));
          } catch (RuntimeException | Error e) {
            later(() -> readings.end(false)); // Again at the next beat.
          }
        });
  }

  private void onAllRead(
      HazelcastInstance of, Map<String, SharedRecord> there, Map<String, SharedRecord> registered) {
    boolean worked = false;
    try {
      if (of == hazelcast) { // Else it is news of one that was given up.
        onRegistrationsRead(registered);
        onRead(there);
        worked = true;
      }
    } finally {
      readings.end(worked);
    }
    read();
  }

  private void onRead(Map<String, SharedRecord> there) {
    boolean first = observations.onRead(there, clock.getAsLong());
    show();
    if (first) {
      drain();
      beat();
      started.complete(null);
    }
  }

  private void onRecord(@Nullable SharedRecord record, boolean isSignOfLife) {
    if (record != null) {
      observations.onRecord(record, isSignOfLife, clock.getAsLong());
      showIfChanged();
    }
  }

  private void onRegistration(@Nullable SharedRecord record) {
    if (record == null || !observations.verifies(SharedRegistrations.KIND, record)) {
      return;
    }
    Event.Heard news = registrations.take(record);
    if (news != null) {
      events.emit(new Event.RegistrationsHeard(List.of(news)));
    }
  }

  private void onRegistrationsRead(Map<String, SharedRecord> there) {
    Map<String, SharedRecord> verified = new LinkedHashMap<>(there);
    verified.values().removeIf(record -> !observations.verifies(SharedRegistrations.KIND, record));
    List<Event.Heard> news = registrations.onRead(verified);
    if (!news.isEmpty()) {
      events.emit(new Event.RegistrationsHeard(news));
    }
  }

  private void onBeat(@Nullable SharedRecord record) {
    if (record != null) {
      observations.onBeat(record, clock.getAsLong());
      showIfChanged();
    }
  }

  /** At most once a second. */
  @Override
  public void alarm(String why) {
    long nowNanos = clock.getAsLong();
    if (nowNanos - alarmedAtNanos >= ALARM_NANOS) {
      alarmedAtNanos = nowNanos;
      LOG.log(
          System.Logger.Level.WARNING,
          "cluster alarm why=\"{0}\" refused={1}",
          why,
          String.valueOf(observations.refused()));
    }
  }

  private void onLife(HazelcastInstance of, LifecycleEvent event) {
    if (of != hazelcast) {
      return; // One that was given up.
    }
    switch (event.getState()) {
      case MERGED -> {
        LOG.log(System.Logger.Level.INFO, "cluster merged: reading everything again");
        readAll();
      }
      case MERGE_FAILED, SHUTDOWN -> {
        alarm("out of the cluster, joining again in " + JOIN_AGAIN_SECONDS + " s");
        joinAgain();
      }
      default -> {}
    }
  }

  private void later(Runnable task) {
    try {
      if (!leaving) {
        thread.execute(guarded(task));
      }
    } catch (RejectedExecutionException e) {
      // It has left in this very moment: there is nothing more to say or to hear.
    }
  }

  /** What Hazelcast throws while members come and go must not end the beats. */
  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        if (!leaving) {
          task.run();
        }
      } catch (RuntimeException e) {
        alarm(String.valueOf(e));
      }
    };
  }

  /** A member whose connection ended is gone: nobody waits for its silence. */
  private final class Membership implements MembershipListener {
    @Override
    public void memberAdded(MembershipEvent event) {
      later(HazelcastLink.this::readAll);
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      String name = event.getMember().getAttribute(HazelcastConfigs.MEMBER);
      boolean hasComeBack =
          event.getMembers().stream()
              .anyMatch(there -> Objects.equals(there.getAttribute(HazelcastConfigs.MEMBER), name));
      if (name != null && !hasComeBack) {
        later(
            () -> {
              observations.onGone(new MemberId(name), clock.getAsLong());
              showIfChanged();
            });
      }
    }
  }

  /** For tests: the registrations that stand in their map. */
  List<SharedRecord> storedRegistrations() {
    return registrations.stored();
  }

  /** For tests: the records that stand in the map. */
  List<SharedRecord> stored() {
    return board.stored();
  }
}
