package dev.backline.balancer.balance;

import dev.backline.balancer.model.BackendId;
import java.util.ArrayList;
import java.util.List;

/** A candidate that is whatever a test wants it to be. */
final class TestCandidate implements Candidate {
  final BackendId id;
  Eligibility eligibility = Eligibility.PREFERRED;
  boolean used = true;
  int listedWeight = 1;
  double factor = 1;
  int inFlight;
  long headNanos;

  TestCandidate(String name) {
    this.id = new BackendId(name, 3000);
  }

  /** Returns backends a, b, c … with these weights. */
  static List<TestCandidate> weighing(int... weights) {
    List<TestCandidate> all = new ArrayList<>();
    for (int weight : weights) {
      TestCandidate candidate = new TestCandidate(String.valueOf((char) ('a' + all.size())));
      candidate.listedWeight = weight;
      all.add(candidate);
    }
    return all;
  }

  @Override
  public BackendId id() {
    return id;
  }

  @Override
  public Eligibility eligibility() {
    return eligibility;
  }

  @Override
  public boolean isUsed() {
    return used;
  }

  @Override
  public int listedWeight() {
    return listedWeight;
  }

  @Override
  public double weight(long nowNanos) {
    return listedWeight * factor;
  }

  @Override
  public int inFlight() {
    return inFlight;
  }

  @Override
  public long headNanos(long nowNanos) {
    return headNanos;
  }

  @Override
  public String toString() {
    return id.host();
  }
}
