package dev.backline.balancer.proxy;

import dev.backline.balancer.balance.Candidate;
import dev.backline.balancer.balance.Eligibility;
import dev.backline.balancer.control.BackendView;
import dev.backline.balancer.model.BackendId;

/**
 * A backend as an event loop sees it: what its snapshot says, and the cell that all loops share.
 */
public record LiveBackend(BackendView view, BackendCell cell) implements Candidate {
  @Override
  public BackendId id() {
    return view.backend().id();
  }

  @Override
  public Eligibility eligibility() {
    Eligibility eligibility = view.eligibility();
    return eligibility == Eligibility.PREFERRED && cell.isSuspected()
        ? Eligibility.SUSPECT
        : eligibility;
  }

  @Override
  public boolean isUsed() {
    return view.used();
  }

  @Override
  public int listedWeight() {
    return view.backend().weight();
  }

  @Override
  public double weight(long nowNanos) {
    return view.backend().weight() * view.slowStart().factor(nowNanos);
  }

  @Override
  public int load() {
    return cell.load();
  }

  @Override
  public int inFlight() {
    return cell.inFlight();
  }

  @Override
  public long headNanos(long nowNanos) {
    return cell.headNanos(nowNanos);
  }
}
