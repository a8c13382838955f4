package dev.backline.balancer.control;

/** The way in to the controller, for everything outside the control loop. Any thread may call. */
public interface Events {
  /**
   * Hands over an event.
   *
   * @param afterwards runs on the control loop once the event's snapshot is published
   */
  void emit(Event event, Runnable afterwards);

  /** Hands over an event. */
  default void emit(Event event) {
    emit(event, () -> {});
  }
}
