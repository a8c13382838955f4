package dev.backline.balancer.model;

/** Who a member is, in its cluster: the name that its configuration gives it. */
public record MemberId(String value) implements Comparable<MemberId> {
  @Override
  public int compareTo(MemberId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
