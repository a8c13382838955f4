package dev.backline.sample.web;

/** What may come between an answer and the client. */
@FunctionalInterface
public interface Interference {
  /** Calls {@code send} now, later or never. */
  void with(PendingAnswer answer, Runnable send);
}
