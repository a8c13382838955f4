package dev.backline.balancer.model;

/** The name of a pool, as the configuration gives it. */
public record PoolName(String value) implements Comparable<PoolName> {
  @Override
  public int compareTo(PoolName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
