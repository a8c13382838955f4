package dev.backline.balancer.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the file gave for the keys of one section. Written by {@link SectionType} while it reads,
 * not changed after.
 */
final class Values {
  private final Where where;
  private final String name;
  private final boolean readable;
  private final Map<String, YamlNode> given = new LinkedHashMap<>();
  private final Map<String, Object> right = new LinkedHashMap<>();

  private Values(Where where, String name, boolean readable) {
    this.where = where;
    this.name = name;
    this.readable = readable;
  }

  /** Returns those of a section that nothing was read for: all keys absent, so far. */
  static Values at(Where where, String name) {
    return new Values(where, name, true);
  }

  /** Returns those of what isn't a section at all: nothing is known, and that was reported. */
  static Values unreadable(Where where, String name) {
    return new Values(where, name, false);
  }

  <T> void put(Key<T> key, YamlNode node, @Nullable T value) {
    given.put(key.name(), node);
    if (value != null) {
      right.put(key.name(), value);
    }
  }

  boolean has(Key<?> key) {
    return given.containsKey(key.name());
  }

  /** Returns the key's value or default; null if it is wrong, or absent and without default. */
  <T> @Nullable T find(Key<T> key) {
    if (!readable) {
      return null;
    }
    if (!has(key)) {
      return key.fallback() != null ? key.fallback() : key.type().absent(where.key(key.name()));
    }
    @SuppressWarnings("unchecked") // put() is the only writer, and takes the key's own type.
    T value = (T) right.get(key.name());
    return value;
  }

  /** Returns the key's value or default, in a file without errors. */
  <T> T get(Key<T> key) {
    T value = find(key);
    if (value == null) {
      throw new AssertionError(where.path() + ": no " + key.name() + ", and no error");
    }
    return value;
  }

  /** Returns where the key's value stands; the section's place, if it isn't given. */
  Where where(Key<?> key) {
    YamlNode node = given.get(key.name());
    return node == null ? where.key(key.name()) : node.where();
  }

  /** Returns the key's value as written; if it isn't given, its default, which is said. */
  String shown(Key<?> key) {
    YamlNode node = given.get(key.name());
    return node != null ? node.shown() : key.byDefault().replace("`", "") + ", the default";
  }

  Where where() {
    return where;
  }

  /** Returns the name that stands before a named section; empty if it has none. */
  String name() {
    return name;
  }
}
