package dev.backline.sample.web;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was made of something that came from outside: a value, or a message that says what was wrong
 * with it.
 */
public sealed interface Checked<T> {
  /** It was right. */
  record Valid<T>(T value) implements Checked<T> {}

  /**
   * It was wrong.
   *
   * @param message the parameter, its value and what was expected
   */
  record Invalid<T>(String message) implements Checked<T> {}

  static <T> Checked<T> valid(T value) {
    return new Valid<>(value);
  }

  static <T> Checked<T> invalid(String parameter, @Nullable Object value, String expected) {
    return new Invalid<>(parameter + ": " + Shown.of(value) + " (expected: " + expected + ")");
  }

  /** Goes on with a value that was right. */
  default <R> Checked<R> then(Function<? super T, Checked<R>> next) {
    if (this instanceof Valid<T> valid) {
      return next.apply(valid.value());
    }
    return new Invalid<>(((Invalid<T>) this).message());
  }

  default <R> R fold(
      Function<? super T, ? extends R> valid, Function<String, ? extends R> invalid) {
    if (this instanceof Valid<T> right) {
      return valid.apply(right.value());
    }
    return invalid.apply(((Invalid<T>) this).message());
  }
}
