package dev.backline.balancer.sim;

import dev.backline.balancer.cluster.SharedObservations;
import dev.backline.balancer.cluster.SharedRecord;
import dev.backline.balancer.cluster.SharedRegistrations;
import dev.backline.balancer.cluster.Signer;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Registration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One member's link to the others: decides with the real {@link SharedObservations}, on a thread of
 * its own, over the {@link SimulatedCluster}.
 */
final class SimulatedPeers implements SharedObservations.Carrier {
  private static final long BEAT_NANOS = 500 * Agenda.MILLI;
  private static final long READ_AGAIN_NANOS = 10 * Agenda.SECOND;

  final SimulatedThread thread;
  private final World world;
  private final SimulatedMember member;
  private final Dice dice;
  private final SharedObservations observations;
  private final Map<String, List<String>> backlog = new LinkedHashMap<>();
  private final SharedRegistrations registrations;
  private final Map<String, Registration> offered = new LinkedHashMap<>();
  private long readNanos;

  SimulatedPeers(World world, SimulatedMember member, Dice dice) {
    this.world = world;
    this.member = member;
    this.dice = dice;
    this.thread = new SimulatedThread(world.agenda, member::isDead);
    // Clocks of machines that are started again may have gone back.
    long incarnation = 1_000_000 + world.agenda.elapsedMillis() - dice.between(0L, 5_000L);
    Signer signer = new Signer("backline", "secret");
    this.observations = new SharedObservations(member.name(), signer, incarnation, this);
    this.registrations =
        new SharedRegistrations(signer, member.name(), (record, lifeMillis) -> write(record));
  }

  /** Joins: from now on it is spoken to, and reads what was said before. */
  void join() {
    world.cluster.join(this);
    read();
    thread.after(BEAT_NANOS, this::beat);
  }

  SimulatedMember member() {
    return member;
  }

  private void hop(Runnable task) {
    thread.after(dice.between(10 * Agenda.MICRO, Agenda.MILLI), task);
  }

  // What this member says.

  void share(BackendId backend, Observation observation) {
    say(backend, SharedObservations.words(observation));
  }

  void withdraw(BackendId backend) {
    say(backend, List.of());
  }

  void share(Registration word) {
    String key = SharedRegistrations.key(word);
    offered.remove(key);
    offered.put(key, word);
    hop(this::drain);
  }

  /** It leaves in order: nobody needs to wait for it. */
  void sayFarewell() {
    world.cluster.publish(this, observations.farewell(), true);
  }

  private void say(BackendId backend, List<String> words) {
    String key = SharedObservations.key(Options.POOL, backend);
    backlog.remove(key);
    backlog.put(key, words);
    hop(this::drain);
  }

  private void drain() {
    if (observations.wasRead()) {
      Map<String, List<String>> words = new LinkedHashMap<>(backlog);
      backlog.clear();
      observations.say(words);
    }
    if (registrations.wasRead() && !offered.isEmpty()) {
      Map<String, Registration> words = new LinkedHashMap<>(offered);
      offered.clear();
      registrations.say(words, world.agenda.nowNanos());
    }
  }

  private void beat() {
    observations.updateLive(world.agenda.nowNanos());
    world.cluster.publish(this, observations.beat(), true);
    if (world.agenda.nowNanos() - readNanos >= READ_AGAIN_NANOS) {
      read();
    }
    thread.after(BEAT_NANOS, this::beat);
  }

  // What it hears.

  void onHint(SharedRecord record, boolean isBeat) {
    hop(
        () -> {
          if (isBeat) {
            observations.onBeat(record, world.agenda.nowNanos());
          } else if (isOfBackends(record)) {
            tellRegistration(record);
          } else {
            observations.onRecord(record, true, world.agenda.nowNanos());
          }
        });
  }

  void onStored(SharedRecord record) {
    hop(
        () -> {
          if (isOfBackends(record)) {
            tellRegistration(record);
          } else {
            observations.onRecord(record, false, world.agenda.nowNanos());
          }
        });
  }

  private static boolean isOfBackends(SharedRecord record) {
    return record.kind().equals(SharedRegistrations.KIND);
  }

  private void tellRegistration(SharedRecord record) {
    Event.Heard heard = registrations.take(record);
    if (heard != null) {
      tell(new Event.RegistrationsHeard(List.of(heard)));
    }
  }

  private static Map<String, SharedRecord> byKey(List<SharedRecord> there, boolean ofBackends) {
    Map<String, SharedRecord> byKey = new LinkedHashMap<>();
    for (SharedRecord record : there) {
      if (isOfBackends(record) == ofBackends) {
        byKey.put(record.mapKey(), record);
      }
    }
    return byKey;
  }

  /** The others changed, or a split healed: everything is read again. */
  void read() {
    readNanos = world.agenda.nowNanos();
    world.cluster.read(
        this,
        there ->
            hop(
                () -> {
                  long nowNanos = world.agenda.nowNanos();
                  boolean first = observations.onRead(byKey(there, false), nowNanos);
                  List<Event.Heard> news = registrations.onRead(byKey(there, true), nowNanos);
                  if (!news.isEmpty()) {
                    tell(new Event.RegistrationsHeard(news));
                  }
                  if (first) {
                    drain();
                  }
                }));
  }

  void onGone(SimulatedPeers gone) {
    hop(() -> observations.onGone(gone.member().name(), world.agenda.nowNanos()));
  }

  // What is decided.

  @Override
  public void write(SharedRecord record) {
    world.cluster.publish(this, record, false);
    world.cluster.store(this, record);
  }

  @Override
  public void tell(Event event) {
    world.trace.note("hears", -1, member.toString(), event.toString());
    member.emit(event);
  }

  @Override
  public void alarm(String why) {
    throw new AssertionError(why + " (expected: none, all have the secret and their own names)");
  }
}
