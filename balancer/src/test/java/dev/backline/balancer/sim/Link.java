package dev.backline.balancer.sim;

import org.jspecify.annotations.Nullable;

/** One connection between an event loop and one life of a backend. */
final class Link {
  /** Who is told what comes over it. */
  interface Listener {
    void onHead(int status, boolean last);

    void onEnd();

    void onBroken();
  }

  final SimulatedLoop loop;
  final SimulatedBackend backend;
  final int life;

  /** As the member knows it. */
  boolean open = true;

  /** As the backend knows it; what arrives later is answered with a reset. */
  boolean closedByBackend;

  /** Whether it has carried an exchange. */
  boolean used;

  long restsSinceNanos;

  /** When what was sent last arrives: nothing overtakes anything on one connection. */
  long arrivesNanos = Long.MIN_VALUE;

  @Nullable Listener listener;

  Link(SimulatedLoop loop, SimulatedBackend backend) {
    this.loop = loop;
    this.backend = backend;
    this.life = backend.life();
  }
}
