package dev.backline.balancer.config;

import org.jspecify.annotations.Nullable;

/**
 * A key of the file: the parser and the reference both read it, so they can't differ.
 *
 * @param name as written
 * @param type what may stand behind it
 * @param fallback what holds where it isn't given; null if its type, or another key, decides
 * @param byDefault the same, for the reference
 * @param isRequired whether it must be given
 * @param meaning one or two sentences, the trap included
 */
record Key<T>(
    String name,
    Type<T> type,
    @Nullable T fallback,
    String byDefault,
    boolean isRequired,
    String meaning) {

  static <T> Key<T> of(String name, ScalarType<T> type, T fallback, String meaning) {
    String byDefault = "`" + type.writer().apply(fallback) + "`";
    return new Key<>(name, type, fallback, byDefault, false, meaning);
  }

  static <T> Key<T> required(String name, Type<T> type, String meaning) {
    return new Key<>(name, type, null, "required", true, meaning);
  }

  static <T> Key<T> optional(String name, Type<T> type, String byDefault, String meaning) {
    return new Key<>(name, type, null, byDefault, false, meaning);
  }
}
