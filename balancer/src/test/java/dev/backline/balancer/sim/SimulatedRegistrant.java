package dev.backline.balancer.sim;

import dev.backline.balancer.control.Registrar;
import dev.backline.balancer.model.IpAddress;
import dev.backline.balancer.model.Registration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of a backend that registers it: it says its word to one member, now this, now that, goes
 * to the next where no answer comes, and renews its lease before two thirds of it are over.
 */
final class SimulatedRegistrant {
  private static final long LOOK_NANOS = 100 * Agenda.MILLI;
  private static final long PATIENCE_NANOS = 500 * Agenda.MILLI;
  private static final int ANOTHER_PERCENT = 30;
  private static final String SECRET = "the secret of its incarnation";

  final SimulatedBackend backend;
  private final World world;
  private final Dice dice;
  private final long leaseNanos;
  private long incarnation;
  private long sequence;
  private int life;
  private boolean wants = true;
  private boolean gone;
  private long nextNanos;
  private int member;

  SimulatedRegistrant(World world, SimulatedBackend backend, Dice dice) {
    this.world = world;
    this.backend = backend;
    this.dice = dice;
    this.leaseNanos = Options.REGISTRATION.lease().toNanos();
    this.member = dice.between(1, world.options.members());
    look();
  }

  /** It withdraws, and serves on. */
  void withdraw() {
    if (wants && incarnation > 0 && backend.runs()) {
      offer(word(null), 0);
    }
    wants = false;
  }

  /** It wants to be listed again. */
  void comeBack() {
    wants = true;
    nextNanos = world.agenda.nowNanos();
  }

  /** It never says anything again. */
  void leave() {
    gone = true;
  }

  private void look() {
    if (gone) {
      return;
    }
    if (backend.runs()) {
      speak();
    }
    world.agenda.after(LOOK_NANOS, this::look);
  }

  private void speak() {
    if (incarnation == 0 || backend.life() != life) {
      life = backend.life();
      incarnation = Math.max(incarnation + 1, 1_000 + world.agenda.elapsedMillis());
      sequence = 0;
      comeBack();
    }
    if (wants && world.agenda.nowNanos() >= nextNanos) {
      nextNanos = world.agenda.nowNanos() + leaseNanos / 3;
      offer(
          word(
              new Registration.Terms(
                  backend.backend.id(),
                  backend.backend.weight(),
                  leaseNanos / Agenda.MILLI,
                  SECRET + incarnation)),
          0);
    }
  }

  private Registration word(Registration.@Nullable Terms terms) {
    return new Registration(Options.POOL, backend.name(), incarnation, ++sequence, terms);
  }

  /** The same word goes to one after the other until one answers. */
  private void offer(Registration word, int triesBefore) {
    List<SimulatedMember> members = world.members();
    member += dice.percent(ANOTHER_PERCENT) ? 1 : 0;
    SimulatedMember to = members.get(member % members.size());
    boolean[] answered = {false};
    world.network.carry(
        to,
        backend,
        SimulatedNetwork.Way.TO_MEMBER,
        () ->
            world.offer(
                to,
                new Registrar.Offer(word, SECRET + incarnation, address()),
                answer ->
                    world.network.carry(
                        to, backend, SimulatedNetwork.Way.TO_BACKEND, () -> answered[0] = true)));
    world.agenda.after(
        PATIENCE_NANOS + dice.between(0, 10) * Agenda.MILLI,
        () -> {
          if (!answered[0] && word.sequence() == sequence && backend.runs()) {
            member++;
            if (triesBefore < world.options.members()) {
              offer(word, triesBefore + 1);
            }
          }
        });
  }

  private IpAddress address() {
    IpAddress address = IpAddress.parse(backend.backend.id().host());
    if (address == null) {
      throw new AssertionError(backend.backend.id());
    }
    return address;
  }
}
