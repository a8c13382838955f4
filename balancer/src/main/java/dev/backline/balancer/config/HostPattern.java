package dev.backline.balancer.config;

/** Which hosts a route is for. Names are lower case and have no port. */
public sealed interface HostPattern {

  /** Every host, and requests that name none. */
  record Any() implements HostPattern {
    @Override
    public String toString() {
      return "any";
    }
  }

  /** One host. */
  record Exact(String name) implements HostPattern {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * The names below a domain.
   *
   * @param domain what follows the {@code *.}
   */
  record Below(String domain) implements HostPattern {
    @Override
    public String toString() {
      return "*." + domain;
    }
  }
}
