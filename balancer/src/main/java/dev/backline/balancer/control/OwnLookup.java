package dev.backline.balancer.control;

import java.util.concurrent.CompletionStage;

/** Finds out where this member itself can be reached. Any thread may call. */
@FunctionalInterface
public interface OwnLookup {
  /** Returns what of this member is on a port; it never fails. */
  CompletionStage<OwnAddresses> on(int port);
}
