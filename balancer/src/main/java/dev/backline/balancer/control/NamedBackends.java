package dev.backline.balancer.control;

import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Which backends the addresses of a name are. Pure.
 *
 * @param answer the backends in the order of their addresses; nothing where none may be used
 * @param warnings what was left out, and why
 */
public record NamedBackends(NameAnswer answer, List<String> warnings) {
  /** More than this many addresses of one name aren't used. */
  public static final int MAX_BACKENDS = 1_024;

  private static final int WEIGHT = 1;

  /** Copies the list. */
  public NamedBackends {
    warnings = List.copyOf(warnings);
  }

  /**
   * Judges the addresses of an answer; their order and doubles don't matter.
   *
   * @param own what is never a backend: that would be a loop
   */
  public static NamedBackends of(Collection<IpAddress> addresses, int port, OwnAddresses own) {
    List<Backend> backends = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    int tooMany = 0;
    for (IpAddress address : new TreeSet<>(addresses)) {
      String refusal = own.refusal(address, port);
      if (refusal != null) {
        warnings.add(address + ": " + refusal + " (expected: the address of one backend)");
      } else if (backends.size() == MAX_BACKENDS) {
        tooMany++;
      } else {
        // The address is its name too: it is unique, and the same on every member.
        BackendId id = new BackendId(address.toString(), port);
        backends.add(new Backend(id, address.toString(), WEIGHT));
      }
    }
    if (tooMany > 0) {
      warnings.add("more than " + MAX_BACKENDS + " addresses: the others are left out");
    }
    return new NamedBackends(answer(backends, warnings), warnings);
  }

  private static NameAnswer answer(List<Backend> backends, List<String> warnings) {
    if (!backends.isEmpty()) {
      return new NameAnswer.Listed(backends);
    }
    return new NameAnswer.Nothing(
        warnings.isEmpty()
            ? "the name has no addresses"
            : "the name has no address that may be used: " + warnings.get(0));
  }
}
