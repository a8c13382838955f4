package dev.backline.balancer.control;

import dev.backline.balancer.model.Backend;
import java.util.List;

/** What became of one look-up of a pool's name. */
public sealed interface NameAnswer {

  /**
   * The name has backends.
   *
   * @param backends at least one, in an order that doesn't depend on the answer's
   */
  record Listed(List<Backend> backends) implements NameAnswer {
    /** Checks that there is one. */
    public Listed {
      backends = List.copyOf(backends);
      if (backends.isEmpty()) {
        throw new IllegalArgumentException("backends: none (expected: at least one)");
      }
    }

    @Override
    public String words() {
      return backends.size() == 1 ? "1 backend" : backends.size() + " backends";
    }
  }

  /** The name has none: it doesn't exist, or has no address that may be used. */
  record Nothing(String words) implements NameAnswer {}

  /** Nobody knows: the servers failed, refused or were silent. */
  record Failed(String words) implements NameAnswer {}

  /** Returns it in words that a person can act on. */
  String words();
}
