package dev.backline.balancer.sim;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Registrar;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Registration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who registered is listed by every member that heard of it for as long as its lease lasts; and for
 * longer by those that can't hear its renewals, while it renews at a member that they know of (who
 * starts in a split has never heard of those on the other side), and was never struck.
 */
final class LeaseHeld extends Check {
  private record Place(SimulatedMember member, String backend) {}

  private record Promise(SimulatedMember by, Registration word, long endNanos) {}

  private final Map<Place, Promise> promises = new LinkedHashMap<>();
  private final Map<String, Promise> renewals = new LinkedHashMap<>();
  private final Map<SimulatedMember, Map<MemberId, Long>> knownNanos = new LinkedHashMap<>();

  LeaseHeld(World world) {
    super(world);
  }

  @Override
  void onAnswered(SimulatedMember member, Registration word, Registrar.Answer answer) {
    if (answer instanceof Registrar.Accepted) {
      learn(member, word);
      renewals.merge(word.name(), new Promise(member, word, endNanos(word)), LeaseHeld::newer);
    }
  }

  @Override
  void onTold(SimulatedMember member, Event event) {
    if (event instanceof Event.RegistrationsHeard heard) {
      heard.words().forEach(word -> learn(member, word.registration()));
    } else if (event instanceof Event.MembersHeard heard) {
      know(member, heard.live());
    } else if (event instanceof Event.MembersRecalled recalled) {
      know(member, recalled.silentNanos().keySet());
    }
  }

  private void know(SimulatedMember member, Collection<MemberId> others) {
    Map<MemberId, Long> known = knownNanos.computeIfAbsent(member, m -> new LinkedHashMap<>());
    others.forEach(other -> known.putIfAbsent(other, nowNanos()));
  }

  private long endNanos(Registration word) {
    Registration.Terms terms = word.terms();
    return terms == null ? Long.MIN_VALUE : nowNanos() + terms.leaseMillis() * Agenda.MILLI;
  }

  private void learn(SimulatedMember member, Registration word) {
    promises.merge(
        new Place(member, word.name()),
        new Promise(member, word, endNanos(word)),
        LeaseHeld::newer);
  }

  private static Promise newer(Promise old, Promise now) {
    return now.word().isNewerThan(old.word()) ? now : old;
  }

  @Override
  void onTick() {
    promises.keySet().removeIf(place -> place.member().isDead());
    promises.forEach(
        (place, promise) -> {
          boolean isDue = nowNanos() < promise.endNanos() || isKept(place, promise);
          if (isDue && !place.member().lists(place.backend())) {
            throw violation(
                "%s doesn't list %s; its lease ends there in %d ms, elsewhere in %d ms (expected: listed)"
                    .formatted(
                        place.member(),
                        place.backend(),
                        millis(promise.endNanos() - nowNanos()),
                        millis(
                            renewals.getOrDefault(place.backend(), promise).endNanos()
                                - nowNanos())));
          }
        });
  }

  /**
   * Returns whether it renews elsewhere, as the same process, and nothing speaks against it here.
   */
  private boolean isKept(Place place, Promise promise) {
    Promise renewal = renewals.get(place.backend());
    Registration.Terms terms = promise.word().terms();
    if (renewal == null
        || terms == null
        || nowNanos() >= renewal.endNanos()
        || !knewBefore(place.member(), renewal.by(), promise.endNanos())
        || renewal.word().incarnation() != promise.word().incarnation()) {
      return false;
    }
    SimulatedBackend backend = world.backend(terms.address());
    return !backend.wasEverStruck() && !world.network.wasEverCut(place.member(), backend);
  }

  private boolean knewBefore(SimulatedMember member, SimulatedMember other, long nanos) {
    Long sinceNanos = knownNanos.getOrDefault(member, Map.of()).get(other.name());
    return sinceNanos != null && sinceNanos < nanos - Options.REGISTRATION.lease().toNanos();
  }
}
