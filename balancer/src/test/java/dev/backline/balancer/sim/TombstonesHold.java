package dev.backline.balancer.sim;

import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.Registrar;
import dev.backline.balancer.model.Registration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Nothing older brings a backend back: while the newest word that a member knows of it says that it
 * withdraws, the member doesn't list it, whatever splits, merges and other members tell.
 */
final class TombstonesHold extends Check {
  private final Map<SimulatedMember, Map<String, Registration>> newest = new LinkedHashMap<>();

  TombstonesHold(World world) {
    super(world);
  }

  @Override
  void onTold(SimulatedMember member, Event event) {
    if (event instanceof Event.RegistrationsHeard heard) {
      heard.words().forEach(word -> learn(member, word.registration()));
    }
  }

  @Override
  void onAnswered(SimulatedMember member, Registration word, Registrar.Answer answer) {
    if (answer instanceof Registrar.Accepted) {
      learn(member, word);
    }
  }

  private void learn(SimulatedMember member, Registration word) {
    newest
        .computeIfAbsent(member, m -> new LinkedHashMap<>())
        .merge(word.name(), word, (old, now) -> now.isNewerThan(old) ? now : old);
  }

  @Override
  void onTick() {
    for (SimulatedMember member : world.members()) {
      for (Registration word : newest.getOrDefault(member, Map.of()).values()) {
        if (word.terms() == null && member.lists(word.name())) {
          throw violation(
              "%s lists %s, which withdrew (expected: not listed, until it registers anew)"
                  .formatted(member, word.name()));
        }
      }
    }
  }
}
