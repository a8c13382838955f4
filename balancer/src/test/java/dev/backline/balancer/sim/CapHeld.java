package dev.backline.balancer.sim;

import dev.backline.balancer.control.Effect;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.Registration;
import dev.backline.balancer.proxy.BackendCell;
import dev.backline.balancer.proxy.LiveBackend;
import dev.backline.balancer.retry.Step;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * No backend has more of a member's attempts at once than the policy says: those that somebody
 * waits for, and those that nobody waits for any more while nothing has come of the backend since.
 */
final class CapHeld extends Check {
  /** What a member has sent to a backend, for as long as that is listed. */
  private static final class Slots {
    final SimulatedMember member;
    final BackendId backend;
    int waiting;
    int abandoned;

    Slots(SimulatedMember member, BackendId backend) {
      this.member = member;
      this.backend = backend;
    }
  }

  private static final class Attempt {
    final Slots slots;
    boolean headSeen;

    Attempt(Slots slots) {
      this.slots = slots;
    }
  }

  private final Map<BackendCell, Slots> slots = new LinkedHashMap<>();

  private record Life(SimulatedMember member, String backend, long incarnation) {}

  private final Set<Life> newLives = new HashSet<>();
  private final boolean concerned;
  private final Map<Integer, Attempt> attempts = new LinkedHashMap<>();

  CapHeld(World world) {
    super(world);
    // There others may come between the choice and the slot, which is then refused.
    this.concerned = !world.options.has(Fault.Kind.INTERLEAVING);
  }

  @Override
  void onSelected(
      SimulatedExchange exchange, SimulatedLoop loop, LiveBackend to, List<BackendId> tried) {
    Slots of = slots.computeIfAbsent(to.cell(), cell -> new Slots(loop.member(), to.id()));
    int most = loop.published().policy().balance().maxInFlight();
    if (concerned && of.waiting + of.abandoned >= most) {
      throw violation(
          "%s gets #%d and has %d already, and %d that were abandoned (expected: <= %d in all)"
              .formatted(
                  to.view().backend().name(), exchange.number, of.waiting, of.abandoned, most));
    }
    of.waiting++;
    attempts.put(exchange.number, new Attempt(of));
  }

  @Override
  void onHead(SimulatedExchange exchange) {
    Attempt attempt = attempts.get(exchange.number);
    if (attempt != null) {
      attempt.headSeen = true;
      attempt.slots.abandoned = 0;
    }
  }

  @Override
  void onStep(SimulatedExchange exchange, Outcome outcome, Step step) {
    if (!(outcome instanceof Outcome.Answered)) {
      end(exchange, outcome instanceof Outcome.TimedOut);
    }
  }

  @Override
  void onEnd(SimulatedExchange exchange, SimulatedExchange.Fate fate, boolean again) {
    end(exchange, fate == SimulatedExchange.Fate.CLIENT_GONE);
  }

  private void end(SimulatedExchange exchange, boolean abandons) {
    Attempt attempt = attempts.remove(exchange.number);
    if (attempt != null) {
      attempt.slots.waiting--;
      attempt.slots.abandoned += abandons && !attempt.headSeen ? 1 : 0;
    }
  }

  // What frees abandoned slots frees some of them; how many isn't asked.

  @Override
  void onProbed(SimulatedMember member, BackendId backend, ProbeResult result) {
    if (result instanceof ProbeResult.Passed) {
      free(member, backend);
    }
  }

  @Override
  void onQuickProbed(SimulatedMember member, BackendId backend, ProbeResult result) {
    onProbed(member, backend, result);
  }

  @Override
  void onVerdict(SimulatedMember member, Effect.TellVerdict verdict) {
    if (verdict.from().isOut()) {
      free(member, verdict.backend().id());
    }
  }

  /** Who registers as another process has nothing of what was abandoned on the one before. */
  @Override
  void onTold(SimulatedMember member, Event event) {
    if (event instanceof Event.RegistrationOffered offered) {
      onWord(member, offered.offer().registration());
    } else if (event instanceof Event.RegistrationsHeard heard) {
      heard.words().forEach(word -> onWord(member, word.registration()));
    }
  }

  private void onWord(SimulatedMember member, Registration word) {
    Registration.Terms terms = word.terms();
    if (terms != null && newLives.add(new Life(member, word.name(), word.incarnation()))) {
      free(member, terms.address());
    }
  }

  private void free(SimulatedMember member, BackendId backend) {
    for (Slots each : slots.values()) {
      if (each.member == member && each.backend.equals(backend)) {
        each.abandoned = 0;
      }
    }
  }
}
