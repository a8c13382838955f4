package dev.backline.balancer.config;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A map with known keys.
 *
 * @param keys in the order of the reference
 * @param shorthand the key that a lone value stands for, which need not be among the keys; null if
 *     there is none
 * @param check what holds between its keys; sees only values that are right by themselves
 */
record SectionType(List<Key<?>> keys, @Nullable Key<?> shorthand, BiConsumer<Values, Report> check)
    implements Type<Values> {

  SectionType {
    keys = List.copyOf(keys);
  }

  static SectionType of(Key<?>... keys) {
    return new SectionType(List.of(keys), null, (values, report) -> {});
  }

  SectionType withShorthand(Key<?> key) {
    return new SectionType(keys, key, check);
  }

  SectionType withCheck(BiConsumer<Values, Report> newCheck) {
    return new SectionType(keys, shorthand, newCheck);
  }

  @Override
  public Values read(YamlNode node, Report report) {
    return read(node, "", report);
  }

  Values read(YamlNode node, String name, Report report) {
    if (node instanceof YamlNode.Refused) {
      return Values.unreadable(node.where(), name);
    }
    Values values = Values.at(node.where(), name);
    if (node instanceof YamlNode.Mapping mapping) {
      for (YamlNode.Entry entry : mapping.entries()) {
        readEntry(entry, values, report);
      }
    } else if (shorthand != null && node instanceof YamlNode.Text text && !text.isNothing()) {
      readKey(shorthand, node, values, report);
    } else {
      report.add(node.where(), node.shown(), expected());
      return Values.unreadable(node.where(), name);
    }
    for (Key<?> key : keys) {
      if (key.isRequired() && !values.has(key)) {
        report.add(values.where(key), "missing", key.type().expected());
      }
    }
    check.accept(values, report);
    return values;
  }

  private void readEntry(YamlNode.Entry entry, Values values, Report report) {
    for (Key<?> key : keys) {
      if (key.name().equals(entry.key())) {
        readKey(key, entry.value(), values, report);
        return;
      }
    }
    String nearest = Nearest.to(entry.key(), keys.stream().map(Key::name).toList());
    String hint = nearest == null ? "" : "; did you mean " + nearest + "?";
    report.add(entry.where(), "unknown key", "one of " + keyNames() + hint);
  }

  private static <T> void readKey(Key<T> key, YamlNode node, Values values, Report report) {
    values.put(key, node, key.type().read(node, report));
  }

  @Override
  public Values absent(Where where) {
    return Values.at(where, "");
  }

  @Override
  public String expected() {
    String map = "a map with keys of " + keyNames();
    return shorthand == null ? map : shorthand.type().expected() + ", or " + map;
  }

  private String keyNames() {
    return keys.stream().map(Key::name).collect(Collectors.joining(", "));
  }
}
