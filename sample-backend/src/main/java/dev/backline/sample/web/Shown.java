package dev.backline.sample.web;

import io.vertx.core.json.Json;
import org.jspecify.annotations.Nullable;

/** A value from outside as an error message shows it: quoted like JSON, and not longer than 60. */
final class Shown {
  private static final int LONGEST = 60;

  private Shown() {}

  static String of(@Nullable Object value) {
    String text = Json.encode(value);
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
