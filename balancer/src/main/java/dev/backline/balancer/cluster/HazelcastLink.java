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
import java.util.ArrayList;
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
public final class HazelcastLink implements ClusterLink {
  static final String OBSERVATIONS = "observations";
  private static final String BEATS = "beats";
  private static final List<String> BEAT = List.of("beat");
  private static final List<String> FAREWELL = List.of("farewell");
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
  private final Signer signer;
  private final ScheduledExecutorService thread;
  private final ExecutorService reader;
  private final CompletableFuture<Void> started = new CompletableFuture<>();

  private final Backlog<List<String>> backlog = new Backlog<>();

  private volatile ClusterView view = ClusterView.ALONE;
  private volatile boolean leaving;

  private final Map<String, SharedRecord> own = new LinkedHashMap<>();
  private final Ledger ledger = new Ledger();
  private final Liveness liveness = new Liveness();
  private final Board observations = new Board(OBSERVATIONS);
  private final RegistrationBoard registrations;
  private @Nullable HazelcastInstance hazelcast;
  private @Nullable ITopic<SharedRecord> beats;
  private List<MemberId> live = List.of();
  private long incarnation;
  private long sequence;
  private final Readings readings = new Readings();
  private boolean firstRead;
  private long readAtNanos;
  private long refused;
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
    this.incarnation = wallMillis;
    this.alarmedAtNanos = clock.getAsLong() - ALARM_NANOS;
    this.signer = new Signer(options.cluster(), options.secret());
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
    say(ClusterCodec.key(pool, backend), ClusterCodec.fields(observation));
  }

  @Override
  public void withdraw(PoolName pool, BackendId backend) {
    say(ClusterCodec.key(pool, backend), List.of());
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
          .publishAsync(sign(BEATS, "", FAREWELL))
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
    if (!firstRead) {
      backlog.putOff(); // Said when it has joined, and knows its own older words.
      return;
    }
    List<SharedRecord> records = new ArrayList<>();
    backlog.takeAll().forEach((key, fields) -> records.add(sign(OBSERVATIONS, key, fields)));
    // Kept before any is written: where Hazelcast throws, they are written after the next reading.
    records.forEach(record -> own.put(record.mapKey(), record));
    records.forEach(this::write);
  }

  private void write(SharedRecord record) {
    observations.write(record, KEPT);
  }

  private SharedRecord sign(String kind, String key, List<String> fields) {
    return signer.sign(kind, key, options.self().value(), incarnation, ++sequence, fields);
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
    beats = made.getTopic(BEATS);
    made.getCluster().addMembershipListener(new Membership());
    beats.addMessageListener(message -> later(() -> onBeat(message.getMessageObject())));
    observations.open(
        made,
        record -> later(() -> onRecord(record, true)),
        record -> later(() -> onRecord(record, false)));
    registrations.open(made, record -> later(() -> onRegistration(record)));
  }

  /** Whatever ended this node, a new one begins where it was; what this member said is kept. */
  private void joinAgain() {
    HazelcastInstance ended = hazelcast;
    hazelcast = null;
    observations.close();
    beats = null;
    registrations.close();
    if (ended != null) {
      ended.getLifecycleService().terminate();
    }
    var unused = thread.schedule(guarded(this::join), JOIN_AGAIN_SECONDS, TimeUnit.SECONDS);
  }

  private void beat() {
    long nowNanos = clock.getAsLong();
    updateLive(nowNanos);
    if (beats != null) {
      beats.publishAsync(sign(BEATS, "", BEAT));
    }
    if (nowNanos - readAtNanos >= READ_AGAIN_NANOS) {
      readings.want();
    }
    read();
  }

  private void updateLive(long nowNanos) {
    List<MemberId> now = liveness.live(nowNanos);
    HazelcastInstance node = hazelcast;
    boolean joined = node != null && node.getLifecycleService().isRunning();
    int members = node != null && joined ? node.getCluster().getMembers().size() : 1;
    view = new ClusterView(joined, members, now, refused);
    if (!now.equals(live)) {
      LOG.log(System.Logger.Level.INFO, "cluster live={0} members={1}", now, members);
      live = now;
      events.emit(new Event.MembersHeard(now));
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
            Map<String, SharedRecord> there = observations.read(instance);
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

  /** Takes in what was read, and writes again what is missing of this member's own. */
  private void onRead(Map<String, SharedRecord> there) {
    for (SharedRecord record : there.values()) {
      if (record.owner().equals(options.self().value())) {
        onOwn(record);
      } else {
        onRecord(record, false);
      }
    }
    ledger.forgetAllBut(there.keySet(), live);
    // A withdrawal that is gone from the map has nothing left there to withdraw.
    own.values().removeIf(r -> r.isWithdrawn() && !there.containsKey(r.mapKey()) && firstRead);
    for (SharedRecord record : own.values()) {
      SharedRecord known = there.get(record.mapKey());
      if (known == null || record.isNewerThan(known)) {
        write(record);
      }
    }
    // A backend that wasn't listed here when it was spoken of may be by now.
    live.forEach(member -> ledger.of(member.value()).forEach(record -> tell(member, record)));
    if (!firstRead) {
      firstRead = true;
      drain();
      beat();
      started.complete(null);
    }
  }

  /** What an earlier life of this member left is withdrawn, unless it was said again. */
  private void onOwn(SharedRecord record) {
    if (!verifies(OBSERVATIONS, record)) {
      return;
    }
    if (record.incarnation() >= incarnation && !own.containsKey(record.mapKey())) {
      incarnation = record.incarnation() + 1; // The clock went back between two lives.
    }
    if (!own.containsKey(record.mapKey()) && !record.isWithdrawn()) {
      SharedRecord withdrawn = sign(OBSERVATIONS, record.key(), List.of());
      own.put(withdrawn.mapKey(), withdrawn);
    }
  }

  private void onRecord(@Nullable SharedRecord record, boolean isSignOfLife) {
    if (record == null
        || record.owner().equals(options.self().value())
        || !verifies(OBSERVATIONS, record)) {
      return;
    }
    MemberId owner = new MemberId(record.owner());
    boolean news = ledger.take(record);
    if (isSignOfLife && news) {
      onSignOfLife(owner, record.incarnation());
    }
    if (news && live.contains(owner)) {
      tell(owner, record);
    }
  }

  private void onRegistration(@Nullable SharedRecord record) {
    if (record == null || !verifies(RegistrationBoard.KIND, record)) {
      return;
    }
    Event.Heard news = registrations.take(record);
    if (news != null) {
      events.emit(new Event.RegistrationsHeard(List.of(news)));
    }
  }

  private void onRegistrationsRead(Map<String, SharedRecord> there) {
    Map<String, SharedRecord> verified = new LinkedHashMap<>(there);
    verified.values().removeIf(record -> !verifies(RegistrationBoard.KIND, record));
    List<Event.Heard> news = registrations.onRead(verified);
    if (!news.isEmpty()) {
      events.emit(new Event.RegistrationsHeard(news));
    }
  }

  private void onBeat(@Nullable SharedRecord record) {
    if (record == null || !verifies(BEATS, record)) {
      return;
    }
    if (record.owner().equals(options.self().value())) {
      if (record.incarnation() != incarnation) {
        alarm("another member has the name of this one: no two may have the same");
      }
    } else if (ledger.take(record)) {
      MemberId member = new MemberId(record.owner());
      if (record.fields().equals(FAREWELL)) {
        liveness.onLeft(member, record.incarnation());
        events.emit(new Event.MemberLeft(member));
        updateLive(clock.getAsLong());
      } else {
        onSignOfLife(member, record.incarnation());
      }
    }
  }

  private void onSignOfLife(MemberId member, long itsIncarnation) {
    long nowNanos = clock.getAsLong();
    if (liveness.onHeard(member, itsIncarnation, nowNanos)) {
      updateLive(nowNanos);
      // What was said while nobody here believed it to be there counts from now on.
      ledger.of(member.value()).forEach(record -> tell(member, record));
    }
  }

  private void tell(MemberId owner, SharedRecord record) {
    ClusterCodec.Subject subject = ClusterCodec.subject(record.key());
    if (subject == null || !record.kind().equals(OBSERVATIONS)) {
      return;
    }
    if (record.isWithdrawn()) {
      events.emit(new Event.ObservationWithdrawn(owner, subject.pool(), subject.backend()));
      return;
    }
    Observation observation = ClusterCodec.observation(record.fields());
    if (observation != null) {
      events.emit(
          new Event.ObservationHeard(owner, subject.pool(), subject.backend(), observation));
    }
  }

  /** Returns whether one of us has signed it; what nobody has is counted and told. */
  private boolean verifies(String kind, SharedRecord record) {
    boolean verifies = signer.verifies(kind, record);
    if (!verifies) {
      refused++;
      String owner = record.owner().replaceAll("[^A-Za-z0-9._-]", "?");
      alarm("a record of " + owner + " has a wrong signature: another secret, or forged");
    }
    return verifies;
  }

  /** At most once a second. */
  private void alarm(String why) {
    long nowNanos = clock.getAsLong();
    if (nowNanos - alarmedAtNanos >= ALARM_NANOS) {
      alarmedAtNanos = nowNanos;
      LOG.log(
          System.Logger.Level.WARNING,
          "cluster alarm why=\"{0}\" refused={1}",
          why,
          String.valueOf(refused));
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
              liveness.onGone(new MemberId(name));
              updateLive(clock.getAsLong());
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
    return observations.stored();
  }
}
