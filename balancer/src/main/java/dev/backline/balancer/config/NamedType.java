package dev.backline.balancer.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sections, each behind a name of the operator's choice.
 *
 * @param item what each is
 * @param what what they are called in a message: "pools, like {web: ...}"
 * @param max the most
 */
record NamedType(SectionType item, String what, int max) implements Type<List<Values>> {

  @Override
  public List<Values> read(YamlNode node, Report report) {
    if (node instanceof YamlNode.Refused) {
      return List.of();
    }
    if (!(node instanceof YamlNode.Mapping map)) {
      report.add(node.where(), node.shown(), expected());
      return List.of();
    }
    int size = map.entries().size();
    if (size == 0 || size > max) {
      report.add(
          node.where(),
          size == 0 ? "an empty map" : "a map of " + size,
          size == 0 ? "at least one" : "at most " + max);
    }
    List<Values> values = new ArrayList<>();
    for (YamlNode.Entry each : map.entries().subList(0, Math.min(size, max))) {
      if (Names.TYPE.reader().apply(each.key()) instanceof Reading.Wrong<String> wrong) {
        report.add(each.where(), "this name", wrong.expected());
      }
      values.add(item.read(each.value(), each.key(), report));
    }
    return List.copyOf(values);
  }

  @Override
  public @Nullable List<Values> absent(Where where) {
    return null;
  }

  @Override
  public String expected() {
    return "a map of " + what;
  }
}
