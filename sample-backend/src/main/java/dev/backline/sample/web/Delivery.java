package dev.backline.sample.web;

import io.vertx.core.Future;

/** How an answer goes over its connection: as it should, or as a fault wants it. */
@FunctionalInterface
public interface Delivery {
  /**
   * Called once, on the event loop. The future succeeds when all of the answer is with the kernel;
   * one that is cut off fails, or never ends: then the end of the connection counts.
   */
  Future<Void> deliver(Outgoing outgoing);
}
