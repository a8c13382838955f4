package dev.backline.balancer.cluster;

import com.hazelcast.core.HazelcastInstance;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What backends said to any member when they registered: a map for those that come later, a topic
 * for now. {@link SharedRegistrations} decides.
 *
 * <p>Owned by the link's thread, but for what says otherwise.
 */
final class RegistrationBoard {
  private final LongSupplier clock;
  private final Backlog<Registration> backlog = new Backlog<>();
  private final Board board = new Board(SharedRegistrations.KIND);
  private final SharedRegistrations registrations;

  RegistrationBoard(Signer signer, MemberId self, LongSupplier clock) {
    this.clock = clock;
    this.registrations =
        new SharedRegistrations(
            signer, self, (record, millis) -> board.write(record, Duration.ofMillis(millis)));
  }

  /** Opens map and topic; what the others write goes to {@code heard}, on Hazelcast's threads. */
  void open(HazelcastInstance hazelcast, Consumer<@Nullable SharedRecord> heard) {
    board.open(hazelcast, heard, heard);
  }

  /** Writes no more, until it is opened again; what this member said is kept. */
  void close() {
    board.close();
  }

  /** Notes what is to be said; returns whether {@link #drain} is to be called. Any thread may. */
  boolean put(Registration registration) {
    return backlog.put(SharedRegistrations.key(registration), registration);
  }

  /** Says what is to be said, once the others' words were read. */
  void drain() {
    if (registrations.wasRead()) {
      registrations.say(backlog.takeAll(), clock.getAsLong());
    } else {
      backlog.putOff();
    }
  }

  /** As {@link Board#read}: belongs on the reader's thread. */
  Map<String, SharedRecord> read(HazelcastInstance hazelcast) {
    return board.read(hazelcast);
  }

  /** As {@link SharedRegistrations#take}. */
  Event.@Nullable Heard take(SharedRecord record) {
    return registrations.take(record);
  }

  /** As {@link SharedRegistrations#onRead}; says then what could not be said before. */
  List<Event.Heard> onRead(Map<String, SharedRecord> verified) {
    List<Event.Heard> news = registrations.onRead(verified, clock.getAsLong());
    drain();
    return news;
  }

  /** For tests: the records that stand in the map. */
  List<SharedRecord> stored() {
    return board.stored();
  }
}
