package dev.backline.balancer.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Sections in a row.
 *
 * @param item what each is
 * @param what what they are called in a message: "listeners, like [0.0.0.0:8080]"
 * @param min the fewest, where the list is given
 * @param max the most
 * @param whenAbsent how many of all defaults hold where the list isn't given
 */
record ListType(SectionType item, String what, int min, int max, int whenAbsent)
    implements Type<List<Values>> {

  @Override
  public List<Values> read(YamlNode node, Report report) {
    if (node instanceof YamlNode.Refused) {
      return List.of();
    }
    if (!(node instanceof YamlNode.Sequence list)) {
      report.add(node.where(), node.shown(), expected());
      return List.of();
    }
    int size = list.items().size();
    if (size < min || size > max) {
      report.add(
          node.where(),
          size == 0 ? "an empty list" : "a list of " + size,
          size < min ? "at least " + min : "at most " + max);
    }
    List<Values> values = new ArrayList<>();
    for (YamlNode each : list.items().subList(0, Math.min(size, max))) {
      values.add(item.read(each, report));
    }
    return List.copyOf(values);
  }

  @Override
  public List<Values> absent(Where where) {
    List<Values> values = new ArrayList<>();
    for (int i = 0; i < whenAbsent; i++) {
      values.add(item.absent(where.item(i)));
    }
    return List.copyOf(values);
  }

  @Override
  public String expected() {
    return "a list of " + what;
  }
}
