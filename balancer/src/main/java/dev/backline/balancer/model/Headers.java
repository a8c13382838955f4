package dev.backline.balancer.model;

import org.jspecify.annotations.Nullable;

/** A look into the headers of a request, whatever holds them. Names are case-insensitive. */
@FunctionalInterface
public interface Headers {
  /** No headers at all. */
  Headers NONE = name -> null;

  /** Returns the first value of the header, or {@code null} if there is none. */
  @Nullable String get(String name);
}
