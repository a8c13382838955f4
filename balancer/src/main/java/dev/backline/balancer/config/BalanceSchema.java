package dev.backline.balancer.config;

import dev.backline.balancer.balance.BalancePolicy;
import dev.backline.balancer.balance.SelectionPolicy;
import dev.backline.balancer.balance.SelectionPolicy.Hash;
import dev.backline.balancer.balance.SelectionPolicy.HashKey;
import dev.backline.balancer.balance.SelectionPolicy.PowerOfTwoChoices;
import dev.backline.balancer.balance.SelectionPolicy.RoundRobin;
import java.time.Duration;
import java.util.List;

/** The keys that say how a pool spreads its exchanges. */
final class BalanceSchema {
  private static final String TWO_CHOICES = "power_of_two_choices";
  private static final String ROUND_ROBIN = "round_robin";
  private static final String HASH = "hash";

  static final Key<String> POLICY =
      Key.of(
          "policy",
          Names.oneOf(List.of(TWO_CHOICES, ROUND_ROBIN, HASH)),
          written(BalancePolicy.DEFAULT.selection()),
          "How a backend is selected: the better of two drawn at random; each in turn; or the same"
              + " key to the same backend. Trap: with `hash` a single heavy client loads a single"
              + " backend.");
  static final Key<HashKey> ON =
      Key.optional(
          "on",
          new ScalarType<>(
              "`client_address` or `header:NAME` or `cookie:NAME`",
              "client_address, header:NAME or cookie:NAME",
              BalanceSchema::hashKey,
              HashKey::toString),
          "required by `hash`",
          "What is hashed. A request without it is sent as with two choices. Trap: behind another"
              + " proxy all requests have that proxy's client address.");
  static final Key<Duration> SLOW_START =
      Key.of(
          "slow_start",
          Units.duration(Duration.ZERO, Duration.ofHours(1)),
          BalancePolicy.DEFAULT.slowStart(),
          "How long a new backend takes from a tenth of its share to all of it; `0s` turns it off.");

  static final SectionType SECTION =
      SectionType.of(POLICY, ON, SLOW_START).withCheck(BalanceSchema::check);

  private BalanceSchema() {}

  private static String written(SelectionPolicy policy) {
    if (policy instanceof PowerOfTwoChoices) {
      return TWO_CHOICES;
    } else if (policy instanceof RoundRobin) {
      return ROUND_ROBIN;
    } else if (policy instanceof Hash) {
      return HASH;
    }
    throw new AssertionError(policy + " (expected: a known policy)");
  }

  private static Reading<HashKey> hashKey(String text) {
    if (text.equals("client_address")) {
      return new Reading.Right<>(new HashKey.ClientAddress());
    }
    String name = text.substring(text.indexOf(':') + 1);
    if (text.startsWith("header:") || text.startsWith("cookie:")) {
      if (!Names.isToken(name)) {
        return new Reading.Wrong<>(
            "a name of letters, digits and !#$%&'*+-.^_`|~ after the colon, without spaces");
      }
      return new Reading.Right<>(
          text.startsWith("header:") ? new HashKey.Header(name) : new HashKey.Cookie(name));
    }
    return new Reading.Wrong<>("client_address, header:NAME or cookie:NAME");
  }

  private static void check(Values balance, Report report) {
    String policy = balance.find(POLICY);
    if (policy == null) {
      return;
    }
    if (policy.equals(HASH) && !balance.has(ON)) {
      report.add(balance.where(ON), "missing", "client_address, header:NAME or cookie:NAME");
    } else if (!policy.equals(HASH) && balance.has(ON)) {
      report.add(
          balance.where(ON),
          balance.shown(ON),
          "policy: hash beside it; " + policy + " has no key");
    }
  }

  /** Returns the policy of a file without errors. */
  static BalancePolicy toPolicy(Values balance, int maxInFlight) {
    return new BalancePolicy(selection(balance), balance.get(SLOW_START), maxInFlight);
  }

  private static SelectionPolicy selection(Values balance) {
    String policy = balance.get(POLICY);
    return switch (policy) {
      case TWO_CHOICES -> new PowerOfTwoChoices();
      case ROUND_ROBIN -> new RoundRobin();
      case HASH -> new Hash(balance.get(ON));
      default -> throw new AssertionError(policy + " (expected: a known policy)");
    };
  }
}
