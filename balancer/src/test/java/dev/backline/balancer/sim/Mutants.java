package dev.backline.balancer.sim;

import java.util.List;

/** Mistakes that somebody could make: name, check that kills it; file; as it is; as it would be. */
final class Mutants {
  static final List<Mutant> ALL =
      List.of(
          // Health.
          new Mutant(
              "off by one in fall",
              "FallHeld",
              "health/HealthTracker",
              "fails + quick.failed() >= policy.fall()",
              "fails + quick.failed() > policy.fall()"),
          new Mutant(
              "off by one in fall: too soon",
              "NotTooSoon",
              "health/HealthTracker",
              "fails + quick.failed() >= policy.fall()",
              "fails + quick.failed() >= policy.fall() - 1"),
          new Mutant(
              "one connection that fails is enough",
              "NotTooSoon",
              "health/HealthTracker",
              "int STRIKES = 2",
              "int STRIKES = 1"),
          new Mutant(
              "bad answers are no matter",
              "BadAnswersEject",
              "health/OutlierDetector",
              "return inARow >= IN_A_ROW || (bad + clean >= AT_LEAST && bad >= clean);",
              "return false;"),
          new Mutant(
              "missing reset: each ejection is the first",
              "EjectionTimes",
              "health/Ejection",
              "int again = clean ? 0 : count;",
              "int again = 0;"),
          new Mutant(
              "any number on trial",
              "OneOnTrial",
              "balance/Selector",
              "inFlight == 0 ? Tier.PREFERRED : Tier.LAST_RESORT",
              "Tier.PREFERRED"),
          new Mutant(
              "nobody is down",
              "DetectionBound",
              "health/HealthTracker",
              "      turn(out, on, why, nowNanos);",
              "      suspect(on, why, nowNanos);"),
          new Mutant(
              "what is out comes back at its first pass, and hurries",
              "NoFlapping",
              "health/HealthTracker",
              "passes > 0 ? HURRIED_PROBE_NANOS : OUT_PROBE_NANOS;",
              "1_000_000;"),
          new Mutant(
              "off by one in rise",
              "RiseHeld",
              "health/HealthTracker",
              "passes >= policy.rise()",
              "passes + 1 >= policy.rise()"),
          new Mutant(
              "missing reset: passes before it went down count",
              "RiseHeld",
              "health/HealthTracker",
              "      passes = 0;\n      turn(out, on, why, nowNanos);",
              "      turn(out, on, why, nowNanos);"),
          new Mutant(
              "missing reset: passes before a failure count",
              "RiseHeld",
              "health/HealthTracker",
              "    passes = 0;\n    fails++;",
              "    fails++;"),
          new Mutant(
              "failed probes count only in a stall",
              "FallHeld",
              "health/HealthTracker",
              "if (!stalled || !(isSpared(nowNanos) || passedSince))",
              "if (stalled || isSpared(nowNanos))"),
          new Mutant(
              "stall not voided: the controller doesn't mind",
              "InnocentStaysUp",
              "control/Controller",
              "onAll(pool -> pool.onStalled(stalled.nanos(), nowNanos, effects));",
              "onAll(PoolController::isTouched);"),
          new Mutant(
              "a failure of our own is the backend's",
              "InnocentStaysUp",
              "health/Evidence",
              "return cause.isLocal() ? new Local(cause) : new Transport",
              "return false ? new Local(cause) : new Transport"),
          new Mutant(
              "who is asked and silent isn't",
              "SilenceSeen",
              "health/SilenceWatch",
              "if (unanswered || isClear(",
              "if (unanswered && isClear("),
          new Mutant(
              "who is out is never looked at again",
              "NeverStranded",
              "health/HealthTracker",
              "OUT_PROBE_NANOS = 500_000_000L",
              "OUT_PROBE_NANOS = 500_000_000_000L"),
          new Mutant(
              "suspects are probed without pause",
              "ProbesBounded",
              "health/HealthTracker",
              "case SUSPECT -> HURRIED_PROBE_NANOS",
              "case SUSPECT -> 0"),
          new Mutant(
              "one third unheard makes doubt",
              "IsolatedOnlyIfCut",
              "health/SelfDoubt",
              "3 * unheard < 2 * all",
              "3 * unheard < all"),
          new Mutant(
              "who returns believes what it began while it was cut off",
              "CutOffTakesNobodyOut",
              "health/SelfDoubt",
              "state == State.ISOLATED ? State.RETURNING : State.SURE",
              "State.SURE"),
          new Mutant(
              "who went out before this member knew that it is cut off stays out",
              "CutOffTakesNobodyOut",
              "health/HealthTracker",
              "if (out && unheard && unheardNanos >= fromNanos)",
              "if (false)"),
          new Mutant(
              "who is cut off takes backends out",
              "CutOffTakesNobodyOut",
              "health/HealthTracker",
              "    held = holds;",
              "    held = false;"),
          new Mutant(
              "ejects its last",
              "EjectionBounded",
              "health/EjectionRules",
              "return another && 2 * (out + 1)",
              "return 2 * (out + 1)"),
          new Mutant(
              "ejects one more than half",
              "EjectionBounded",
              "health/EjectionRules",
              "2 * (out + 1) <= pool.size()",
              "2 * out <= pool.size()"),
          new Mutant(
              "an ejection has no end",
              "EligibleAgain",
              "health/HealthTracker",
              "if (verdict == Verdict.EJECTED && nowNanos >= ejection.untilNanos())",
              "if (verdict == Verdict.EJECTED && nowNanos < ejection.untilNanos() - 30_000_000_000L)"),
          new Mutant(
              "quorum of one",
              "EjectionSeconded",
              "health/VerdictQuorum",
              "ENOUGH = 2",
              "ENOUGH = 1"),
          // Balance.
          new Mutant(
              "cap forgotten", "CapHeld", "balance/Selector", "inFlight >= maxInFlight ||", ""),
          new Mutant(
              "off by one in the cap",
              "CapHeld",
              "balance/Selector",
              "inFlight >= maxInFlight",
              "inFlight > maxInFlight"),
          new Mutant(
              "tie to the first",
              "FairShare",
              "balance/Selector",
              "double at = random.nextDouble() * sum;",
              "double at = 0;"),
          new Mutant(
              "negative round robin: who owes most pays",
              "FairShare",
              "balance/Selector",
              "richest == null || turn > most",
              "richest == null || turn < most"),
          new Mutant(
              "what was tried is forgotten",
              "AttemptsBounded",
              "balance/Selector",
              "|| tried.contains(candidate.id())",
              ""),
          new Mutant(
              "the key isn't asked",
              "KeysStay",
              "balance/Selector",
              "HashSlots.slot(Hashing.of(key))",
              "HashSlots.slot(random.nextLong())"),
          new Mutant(
              "who can't be connected to is a last resort",
              "KnownDeadGetsNothing",
              "balance/Eligibility",
              "case EJECTED, DOWN -> LAST_RESORT;\n      case UNPROVEN, REFUSING, DRAINING",
              "case EJECTED, DOWN, REFUSING -> LAST_RESORT;\n      case UNPROVEN, DRAINING"),
          new Mutant(
              "down is no worse than suspect",
              "KnownDeadGetsNothing",
              "balance/Eligibility",
              "case SUSPECT -> SUSPECT;\n      case EJECTED, DOWN -> LAST_RESORT;",
              "case SUSPECT, DOWN -> SUSPECT;\n      case EJECTED -> LAST_RESORT;"),
          // Retries and waits.
          new Mutant(
              "POST again after it broke",
              "NeverTwice",
              "retry/Attempts",
              "return again(idempotent && replayable, 502, nowNanos);",
              "return again(replayable, 502, nowNanos);"),
          new Mutant(
              "PUT again after it timed out",
              "NeverTwice",
              "retry/Attempts",
              "again(safe && replayable",
              "again(idempotent && replayable"),
          new Mutant(
              "PUT again while the old one may still run",
              "NeverOvertaken",
              "retry/Attempts",
              "again(safe && replayable",
              "again(idempotent && replayable"),
          new Mutant(
              "an answer isn't the end",
              "OneEnd",
              "retry/Attempts",
              "return new Step.Relay();",
              "return new Step.TryOn();"),
          new Mutant(
              "waits for ever",
              "OneEnd",
              "retry/Attempts",
              "Math.min(waitedSinceNanos + queueNanos, deadlineNanos)",
              "Long.MAX_VALUE"),
          new Mutant(
              "off by one in attempts",
              "AttemptsBounded",
              "retry/Attempts",
              "allowed && sent < policy.attempts()",
              "allowed && sent <= policy.attempts()"),
          new Mutant(
              "each wait has the whole time again",
              "WaitsBounded",
              "retry/Attempts",
              "if (!waited) {",
              "if (!waited || sent >= 0) {"),
          new Mutant(
              "off by one in the retry budget",
              "RetryBudgetHeld",
              "retry/RetryBudget",
              "if (retried >= ",
              "if (retried > "),
          new Mutant(
              "who waited keeps his place in the queue",
              "OneEnd",
              "limit/ExchangeQueue",
              "if (deadlineNanos.applyAsLong(exchange) > nowNanos) {",
              "if (deadlineNanos.applyAsLong(exchange) < nowNanos) {"),
          // What is counted of a backend.
          new Mutant(
              "slot freed on cancel",
              "CapHeld",
              "proxy/BackendCell",
              "    ABANDONED.getAndAdd(this, 1);\n    ACTIVE.getAndAdd(this, -1);",
              "    ACTIVE.getAndAdd(this, -1);"),
          new Mutant(
              "slots that were abandoned are never freed by a pass",
              "FairShare",
              "proxy/BackendCell",
              "before, before / 2)",
              "before, before)"),
          new Mutant(
              "heard is what never was",
              "SilenceSeen",
              "proxy/HeardBackends",
              "live == null ? Long.MIN_VALUE : live.cell().heardNanos()",
              "live == null ? Long.MIN_VALUE : clock.getAsLong()"),
          // The controller.
          new Mutant(
              "whole weight at once after it was down",
              "SlowStartHeld",
              "control/Turns",
              "new SlowStart(nowNanos, Math.min(longest, RETURN_SLOW_START_NANOS))",
              "SlowStart.OVER"),
          new Mutant(
              "whole weight at once when it is new",
              "SlowStartHeld",
              "control/Turns",
              "case UNPROVEN -> new SlowStart(nowNanos, longest);",
              "case UNPROVEN -> SlowStart.OVER;"),
          // Members among themselves.
          new Mutant(
              "what is well is nobody else's business",
              "MembersAgree",
              "control/PoolController",
              "if (!observation.equals(state.shared))",
              "if (!observation.equals(state.shared) && observation.verdict() != Verdict.UP)"),
          new Mutant(
              "wall clock in the order: a life that began earlier by its clock is older",
              "MembersAgree",
              "cluster/SharedObservations",
              "incarnation = record.incarnation() + 1;",
              ""),
          new Mutant(
              "what a split lost isn't said again",
              "MembersAgree",
              "cluster/SharedObservations",
              "if (known == null || record.isNewerThan(known))",
              "if (known == null && !wasRead)"),
          new Mutant(
              "the map's sequence starts anew in each life",
              "MembersAgree",
              "cluster/SharedRecord",
              "incarnation != other.incarnation",
              "incarnation < other.incarnation"),
          new Mutant(
              "an older word of a backend counts",
              "TombstonesHold",
              "control/Registrations",
              "boolean isNews = known == null || heard.isNewerThan(known.last);",
              "boolean isNews = true;"),
          new Mutant(
              "leases are half as long",
              "LeaseHeld",
              "control/Registrations",
              "(terms == null ? 0 : terms.leaseMillis() * 1_000_000)",
              "(terms == null ? 0 : terms.leaseMillis() * 500_000)"),
          new Mutant(
              "what a silent member may know counts for nothing",
              "LeaseHeld",
              "control/Registrations",
              "entry.standing = wouldBeHeard ? Standing.ENDED : Standing.UNSURE;",
              "entry.standing = Standing.ENDED;"),
          new Mutant(
              "leases never end",
              "RegistrationsAgree",
              "control/Registrations",
              "if (entry.standing == Standing.HOLDS && nowNanos >= entry.endNanos) {",
              "if (entry.standing == Standing.HOLDS && nowNanos < Long.MIN_VALUE + 1) {"));

  private Mutants() {}
}
