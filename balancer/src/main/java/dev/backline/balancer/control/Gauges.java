package dev.backline.balancer.control;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.PoolName;

/** The live counters of the data plane, for those who show them. Any thread may read. */
public interface Gauges {

  /**
   * The counters of one backend.
   *
   * @param inFlight slots taken now
   * @param attempts made since it was listed
   * @param failures among them
   * @param headNanos its usual time to head; 0: unknown
   */
  record BackendGauges(int inFlight, long attempts, long failures, long headNanos) {
    /** Of a backend that isn't listed. */
    public static final BackendGauges NONE = new BackendGauges(0, 0, 0, 0);
  }

  /** Returns the counters of a backend. */
  BackendGauges ofBackend(PoolName pool, BackendId backend);

  /** Returns the exchanges that have begun and not ended. */
  long exchangesInFlight();

  /** Returns the exchanges that wait for a backend of the pool. */
  int queued(PoolName pool);

  /** Returns the lines of the access log that were lost. */
  long accessLogDropped();

  /** Returns how often this member itself failed. */
  long localFailures();

  /** Returns how many clients were refused because no file descriptors were left for them. */
  long clientsRefused();
}
