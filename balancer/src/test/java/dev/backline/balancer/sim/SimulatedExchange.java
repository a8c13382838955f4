package dev.backline.balancer.sim;

import dev.backline.balancer.balance.Eligibility;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.SilenceWatch;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.Outcome;
import dev.backline.balancer.model.RequestHead;
import dev.backline.balancer.proxy.LiveBackend;
import dev.backline.balancer.retry.Step;
import org.jspecify.annotations.Nullable;

/** A client's request and its answer: carries out, as the real one does, the steps decided. */
final class SimulatedExchange {
  /** How it ended. */
  enum Fate {
    ANSWERED,
    CUT_OFF,
    GIVEN_UP,
    QUEUE_FULL,
    CLIENT_GONE,
    MEMBER_DIED
  }

  final int number;
  final RequestHead head;
  final boolean replayable;
  final PoolPolicy policy;
  final int budget;
  final long beganNanos;
  private final World world;
  private final SimulatedLoop loop;
  private final Core.Steps steps;
  private @Nullable Attempt current;
  private long waitSinceNanos;
  private long waitDeadlineNanos;
  private boolean over;

  SimulatedExchange(
      World world, SimulatedLoop loop, int number, RequestHead head, boolean replayable) {
    this.world = world;
    this.loop = loop;
    this.number = number;
    this.head = head;
    this.replayable = replayable;
    this.policy = loop.published().policy();
    this.budget = loop.published().budgetNumber();
    this.beganNanos = world.agenda.nowNanos();
    this.steps =
        world.core.steps(
            policy.retry(), policy.queue().maxWait(), loop.published().budget(), head, beganNanos);
  }

  void start() {
    loop.member().onBegin(this);
    world.checks.forEach(check -> check.onBegin(this));
    tryOn();
  }

  long waitSinceNanos() {
    return waitSinceNanos;
  }

  long waitDeadlineNanos() {
    return waitDeadlineNanos;
  }

  SimulatedLoop loop() {
    return loop;
  }

  boolean isOver() {
    return over;
  }

  /** A backend may be there again. */
  void onReleased(LiveBackend to) {
    steps.onReleased();
    tryOn(to);
  }

  /** Nobody came in time. */
  void onWaitOver() {
    perform(new Outcome.Refused());
  }

  /** The member is killed: its connections end, and nobody carries on. */
  void onMemberDied() {
    if (current != null && !current.over) {
      current.over = true;
      current.closeLink();
    }
    over = true;
    world.noteEnd(this, Fate.MEMBER_DIED, 0, false);
  }

  void onClientGone() {
    if (over) {
      return;
    }
    loop.dequeue(this);
    Attempt attempt = current;
    if (attempt != null && !attempt.over) {
      attempt.over = true;
      if (attempt.headSeen) {
        attempt.to.cell().end();
      } else {
        attempt.to.cell().abandon();
      }
      attempt.closeLink();
      Outcome gone = new Outcome.ClientGone();
      world.noteOutcome(this, attempt.to.view().backend().name(), gone);
      Step step = steps.next(gone, replayable, world.agenda.nowNanos());
      world.noteStep(this, step);
    }
    finish(Fate.CLIENT_GONE, 499);
  }

  private void perform(Outcome outcome) {
    String where = outcome instanceof Outcome.Refused ? "" : lastBackend();
    world.noteOutcome(this, where, outcome);
    Step step = steps.next(outcome, replayable, world.agenda.nowNanos());
    world.noteStep(this, step);
    world.checks.forEach(check -> check.onStep(this, outcome, step));
    if (step instanceof Step.TryOn) {
      tryOn();
    } else if (step instanceof Step.Wait wait) {
      waitSinceNanos = world.agenda.nowNanos();
      waitDeadlineNanos = wait.deadlineNanos();
      if (!loop.enqueue(this)) {
        finish(Fate.QUEUE_FULL, 503);
      }
    } else if (step instanceof Step.GiveUp giveUp) {
      finish(Fate.GIVEN_UP, giveUp.status());
    } else if (step instanceof Step.CutOff) {
      finish(Fate.CUT_OFF, 0);
    } else if (!(step instanceof Step.Relay)) {
      throw new AssertionError(step);
    }
  }

  private void tryOn() {
    LiveBackend to = loop.take(this, steps.tried());
    if (over) {
      return; // Its member died meanwhile.
    }
    if (to == null) {
      perform(new Outcome.Refused());
    } else {
      tryOn(to);
    }
  }

  private void tryOn(LiveBackend to) {
    steps.onTry(to.id());
    Attempt attempt = new Attempt(to);
    current = attempt;
    Eligibility eligibility = to.eligibility();
    world.census.count("selected", eligibility.name());
    world.trace.note("try", number, to.view().backend().name(), 1, eligibility);
    attempt.begin();
  }

  private String lastBackend() {
    return current == null ? "" : current.to.view().backend().name();
  }

  private void finish(Fate fate, int status) {
    boolean again = over;
    over = true;
    loop.member().onEnd(this);
    world.noteEnd(this, fate, status, again);
    loop.release();
  }

  /** One try on one backend. */
  private final class Attempt implements Link.Listener {
    final LiveBackend to;
    final long triedNanos = world.agenda.nowNanos();
    @Nullable Link link;
    SilenceWatch.@Nullable Waiting waiting;
    boolean reused;
    boolean headSeen;
    boolean held;
    boolean clean;
    boolean mayKeep;
    boolean over;

    Attempt(LiveBackend to) {
      this.to = to;
    }

    void begin() {
      Link kept = loop.keptLink(to.id(), head.isSafe());
      if (kept != null) {
        reused = true;
        send(kept);
        return;
      }
      SimulatedBackend backend = world.backend(to.id());
      long timeoutNanos = policy.connection().connectTimeout().toNanos();
      world.network.connect(
          loop,
          backend,
          timeoutNanos,
          (connected, cause) -> {
            if (cause != null) {
              fail(new Outcome.ConnectFailed(cause));
            } else if (connected != null) {
              if (over) {
                loop.close(connected);
              } else {
                send(connected);
              }
            }
          });
    }

    private void send(Link over) {
      link = over;
      over.listener = this;
      over.used = true;
      waiting = loop.watch().begin(to.id(), world.agenda.nowNanos());
      world.checks.forEach(check -> check.onSent(SimulatedExchange.this, to));
      world.network.toBackend(over, SimulatedExchange.this);
      arm();
    }

    /** While its loop stands still, its time doesn't run. */
    private void arm() {
      loop.thread.after(
          Math.max(Agenda.MILLI, dueNanos() - world.agenda.nowNanos()),
          () -> {
            if (headSeen || over) {
              return;
            }
            if (world.agenda.nowNanos() < dueNanos()) {
              arm();
            } else {
              fail(new Outcome.TimedOut());
            }
          });
    }

    private long dueNanos() {
      long headNanos = triedNanos + policy.retry().head().toNanos();
      return Math.min(headNanos, steps.deadlineNanos()) + loop.stalledNanosSince(triedNanos);
    }

    @Override
    public void onHead(int status, boolean last) {
      if (over) {
        return;
      }
      headSeen = true;
      long nowNanos = world.agenda.nowNanos();
      long headNanos = nowNanos - triedNanos - loop.stalledNanosSince(triedNanos);
      Outcome answered = new Outcome.Answered(status, headNanos);
      clean = !Evidence.isServerError(status);
      loop.onHeard(to);
      world.checks.forEach(check -> check.onHead(SimulatedExchange.this));
      if (waiting == null || loop.watch().onHead(waiting, headNanos)) {
        to.cell().onHead(headNanos, !clean, nowNanos);
      } else {
        to.cell().onDelayedHead();
      }
      if (!clean) {
        report(answered);
      }
      mayKeep = !last;
      loop.thread.after(
          policy.connection().idleTimeout().toNanos(),
          () -> fail(new Outcome.BrokenAfterHead(Cause.TIMEOUT, !held)));
      held = number % 2 == 0 && steps.isAnotherPossible(replayable);
      perform(answered);
    }

    @Override
    public void onEnd() {
      if (over) {
        return;
      }
      over = true;
      to.cell().end();
      if (clean) {
        to.cell().onClean();
      }
      if (link != null) {
        link.listener = null;
        if (mayKeep) {
          loop.keep(to.id(), link);
        } else {
          loop.close(link);
        }
      }
      finish(Fate.ANSWERED, 200);
    }

    @Override
    public void onBroken() {
      Cause cause = world.dice.percent(50) ? Cause.RESET : Cause.CLOSED;
      fail(
          headSeen
              ? new Outcome.BrokenAfterHead(cause, !held)
              : new Outcome.BrokenBeforeHead(cause, reused));
    }

    private void fail(Outcome outcome) {
      if (over) {
        return;
      }
      over = true;
      boolean timedOut = outcome instanceof Outcome.TimedOut;
      if (!timedOut || hadItsTime()) {
        report(outcome);
      }
      if (timedOut) {
        to.cell().abandon();
      } else {
        long holdNanos = Math.max(Agenda.MILLI, loop.medianHeadNanos());
        loop.thread.after(holdNanos, () -> to.cell().end());
      }
      closeLink();
      perform(outcome);
    }

    /** One that began when the exchange's own time was nearly over says nothing of its backend. */
    private boolean hadItsTime() {
      long headNanos = policy.retry().head().toNanos();
      long totalNanos = policy.retry().total().toNanos();
      long hadNanos = world.agenda.nowNanos() - triedNanos - loop.stalledNanosSince(triedNanos);
      return hadNanos >= Math.min(headNanos, totalNanos);
    }

    private void report(Outcome outcome) {
      boolean local = world.core.evidence(outcome, 0) instanceof Evidence.Local;
      long cleanBefore = local ? 0 : to.cell().onFailure();
      Evidence evidence = world.core.evidence(outcome, cleanBefore);
      if (evidence == null) {
        return;
      }
      if (evidence instanceof Evidence.Transport) {
        to.cell().suspect();
      }
      loop.report(to.id(), evidence);
    }

    private void closeLink() {
      if (waiting != null) {
        loop.watch().end(waiting);
      }
      if (link != null) {
        link.listener = null;
        loop.close(link);
      }
    }
  }
}
