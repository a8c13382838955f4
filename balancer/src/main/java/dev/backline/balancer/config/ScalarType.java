package dev.backline.balancer.config;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One value, written as text.
 *
 * @param kind what it is, with its bounds, for the reference: "duration, 1s to 1h"
 * @param expected the same, for a message: "a duration from 1s to 1h, like 2s"
 * @param reader from the text
 * @param writer to the text that is read as the same
 */
record ScalarType<T>(
    String kind, String expected, Function<String, Reading<T>> reader, Function<T, String> writer)
    implements Type<T> {

  @Override
  public @Nullable T read(YamlNode node, Report report) {
    if (node instanceof YamlNode.Refused) {
      return null;
    }
    if (!(node instanceof YamlNode.Text text) || text.isNothing()) {
      report.add(node.where(), node.shown(), expected);
      return null;
    }
    if (text.text().codePoints().anyMatch(Character::isISOControl)) {
      report.add(node.where(), node.shown(), expected + ", without control characters");
      return null;
    }
    Reading<T> reading = reader.apply(text.text());
    if (reading instanceof Reading.Right<T> right) {
      return right.value();
    }
    if (reading instanceof Reading.Wrong<T> wrong) {
      report.add(node.where(), node.shown(), wrong.expected());
      return null;
    }
    throw new AssertionError(reading + " (expected: right or wrong)");
  }

  @Override
  public @Nullable T absent(Where where) {
    return null;
  }
}
