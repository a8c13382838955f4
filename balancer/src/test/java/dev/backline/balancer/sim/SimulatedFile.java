package dev.backline.balancer.sim;

import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Registration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a member's next life finds of what it kept; what was being written when it died is lost. */
final class SimulatedFile {
  private static final int LONGEST_WRITE_MILLIS = 30;

  private final Agenda agenda;
  private final Dice dice;
  private List<Registration> registrations = List.of();
  private final Map<MemberId, Long> heardNanos = new TreeMap<>();

  SimulatedFile(Agenda agenda, Dice dice) {
    this.agenda = agenda;
    this.dice = dice;
  }

  /** Writes, a little later, if the member lives on. */
  void keep(SimulatedMember member, Effect.Keep keep) {
    long nowNanos = agenda.nowNanos();
    agenda.after(
        dice.between(0, LONGEST_WRITE_MILLIS) * Agenda.MILLI,
        () -> {
          if (!member.isDead()) {
            write(keep, nowNanos);
          }
        });
  }

  private void write(Effect.Keep keep, long saidNanos) {
    if (keep instanceof Effect.KeepRegistrations kept) {
      registrations = kept.registrations();
    } else if (keep instanceof Effect.KeepMembers kept) {
      heardNanos.clear();
      kept.live().forEach(member -> heardNanos.put(member, saidNanos));
      kept.silentNanos().forEach((member, nanos) -> heardNanos.put(member, saidNanos - nanos));
    } else {
      throw new AssertionError(keep);
    }
  }

  /** Returns what a new life is told first. */
  List<Event> recalled() {
    Map<MemberId, Long> silentNanos = new TreeMap<>();
    heardNanos.forEach((member, nanos) -> silentNanos.put(member, agenda.nowNanos() - nanos));
    List<Event.Heard> words =
        registrations.stream().map(word -> new Event.Heard(/* via= */ null, word)).toList();
    return List.of(new Event.MembersRecalled(silentNanos), new Event.RegistrationsHeard(words));
  }
}
