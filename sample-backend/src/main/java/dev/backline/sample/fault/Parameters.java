package dev.backline.sample.fault;

import dev.backline.sample.web.Checked;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads a fault's parameters, and tells everything that is wrong with them at once. */
final class Parameters {
  private final JsonObject json;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<String> wrong = new ArrayList<>();

  Parameters(JsonObject json) {
    this.json = json;
  }

  int number(String name, int standard, int least, int most) {
    @Nullable Object value = value(name, standard);
    if (value instanceof Integer number && number >= least && number <= most) {
      return number;
    }
    refuse(name, value, "a whole number from " + least + " to " + most);
    return standard;
  }

  boolean flag(String name, boolean standard) {
    @Nullable Object value = value(name, standard);
    if (value instanceof Boolean flag) {
      return flag;
    }
    refuse(name, value, "true or false");
    return standard;
  }

  /** One of these words; the first if none is given. */
  String oneOf(String name, List<String> words) {
    @Nullable Object value = value(name, words.get(0));
    if (value instanceof String word && words.contains(word)) {
      return word;
    }
    refuse(name, value, "one of " + String.join(", ", words));
    return words.get(0);
  }

  String path(String name) {
    @Nullable Object value = value(name, "/");
    if (value instanceof String path && path.startsWith("/")) {
      return path;
    }
    refuse(name, value, "the beginning of a path, such as \"/api/\"");
    return "/";
  }

  /** The fault, once all of its parameters have been read, or what was wrong. */
  Checked<Fault> build(Supplier<Fault> fault) {
    Fault built = fault.get();
    for (String name : json.fieldNames()) {
      if (!known.contains(name)) {
        refuse(name, json.getValue(name), "one of " + String.join(", ", known));
      }
    }
    return wrong.isEmpty() ? Checked.valid(built) : new Checked.Invalid<>(String.join("; ", wrong));
  }

  /** Null if null was sent: a wrong value, not an absent one, so it must not become the default. */
  private @Nullable Object value(String name, Object standard) {
    known.add(name);
    return json.getValue(name, standard);
  }

  private void refuse(String name, @Nullable Object value, String expected) {
    Checked<Fault> invalid = Checked.invalid(name, value, expected);
    wrong.add(((Checked.Invalid<Fault>) invalid).message());
  }
}
