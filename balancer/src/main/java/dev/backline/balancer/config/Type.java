package dev.backline.balancer.config;

import org.jspecify.annotations.Nullable;

/**
 * What may stand behind a key.
 *
 * @param <T> what it is read as
 */
sealed interface Type<T> permits ScalarType, SectionType, ListType, NamedType {

  /** Returns what stands there; null if that is wrong, and then the report says so. */
  @Nullable T read(YamlNode node, Report report);

  /** Returns what holds where nothing stands; null if nothing does. */
  @Nullable T absent(Where where);

  /** Returns what may stand there, for a message: "a list of ...". */
  String expected();
}
