package dev.backline.balancer.control;

import dev.backline.balancer.balance.Eligibility;
import dev.backline.balancer.balance.SlowStart;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.Verdict;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One backend in a snapshot.
 *
 * @param sinceNanos when the verdict came about, on the member's monotonic clock
 * @param lastProbe what the last probe brought; {@code null} before the first
 * @param unlisted whether its source no longer has it, and it is kept for a while because it
 *     answers
 * @param used whether this member uses it: the others of a large pool are for other members
 * @param heard what other members say of it, by member
 */
public record BackendView(
    Backend backend,
    AdminState admin,
    Verdict verdict,
    String reason,
    long sinceNanos,
    SlowStart slowStart,
    @Nullable ProbeResult lastProbe,
    boolean unlisted,
    boolean used,
    Map<MemberId, Observation> heard) {

  /** Returns whether it may be selected, an event loop's own suspicion left out. */
  public Eligibility eligibility() {
    return Eligibility.of(admin, verdict);
  }
}
