package dev.backline.balancer.config;

/** What a piece of text was read as. */
sealed interface Reading<T> {

  /** A value. */
  record Right<T>(T value) implements Reading<T> {}

  /**
   * No value.
   *
   * @param expected what should have been there
   */
  record Wrong<T>(String expected) implements Reading<T> {}
}
