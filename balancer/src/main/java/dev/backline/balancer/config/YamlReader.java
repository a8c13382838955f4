package dev.backline.balancer.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/**
 * Makes nodes of a text. Of YAML it takes maps, lists and text; anchors, aliases, merge keys and
 * tags are refused: a file of one page needs none, and each makes a line mean something that stands
 * elsewhere. Owned by one call of the parser.
 */
final class YamlReader {
  private static final Where START = new Where("", 1, 1);

  private final List<Event> events;
  private final YamlSyntax syntax;
  private final Report report;
  private int next;

  private YamlReader(List<Event> events, YamlSyntax syntax, Report report) {
    this.events = events;
    this.syntax = syntax;
    this.report = report;
  }

  /** Returns the root; what is wrong is in the report. */
  static YamlNode read(String text, Report report) {
    List<Event> events = YamlEvents.of(text, report);
    if (events == null) {
      return new YamlNode.Refused(START);
    }
    return new YamlReader(events, new YamlSyntax(text), report).root();
  }

  private YamlNode root() {
    while (next < events.size() && !(events.get(next) instanceof NodeEvent)) {
      next++;
    }
    return next == events.size() ? new YamlNode.Text(START, "", true) : node(START);
  }

  /** Takes the events of one node; {@code owner} is the place of its key or item. */
  private YamlNode node(Where owner) {
    Event event = events.get(next++);
    Where here = owner.at(syntax.place(event).line(), syntax.place(event).column());
    if (event instanceof AliasEvent alias) {
      String written = "*" + alias.getAlias();
      report.add(
          here, written, "the value itself, or quotes: a bare * is an alias, which is not taken");
      return new YamlNode.Refused(here);
    }
    if (!(event instanceof NodeEvent start)) {
      throw new AssertionError(event + " (expected: a node)");
    }
    refuseAnchorAndTag(start, here);
    return switch (event.getEventId()) {
      case Scalar -> text((ScalarEvent) event, owner, here);
      case SequenceStart -> sequence(owner.path().isEmpty() ? here : owner);
      case MappingStart -> mapping(owner.path().isEmpty() ? here : owner);
      default -> throw new AssertionError(event + " (expected: a node)");
    };
  }

  private void refuseAnchorAndTag(NodeEvent start, Where here) {
    start
        .getAnchor()
        .ifPresent(
            name ->
                report.add(here, "&" + name, "the value alone, or quotes: anchors are not taken"));
    String tag = tagOf(start);
    if (tag != null) {
      report.add(here, Shown.value("!" + tag), "the value alone, or quotes: tags are not taken");
    }
  }

  private static @Nullable String tagOf(NodeEvent start) {
    String tag = null;
    if (start instanceof ScalarEvent scalar) {
      tag = scalar.getTag().orElse(null);
    } else if (start instanceof CollectionStartEvent collection) {
      tag = collection.getTag().orElse(null);
    }
    return tag == null ? null : tag.replaceFirst("^(tag:yaml\\.org,2002:|!)", "");
  }

  private static YamlNode text(ScalarEvent scalar, Where owner, Where here) {
    boolean plain = scalar.isPlain();
    // Nothing has no place of its own: the library puts it on some later line.
    return new YamlNode.Text(
        plain && scalar.getValue().isEmpty() ? owner : here, scalar.getValue(), plain);
  }

  private YamlNode sequence(Where owner) {
    List<YamlNode> items = new ArrayList<>();
    while (events.get(next).getEventId() != Event.ID.SequenceEnd) {
      Where here = syntax.place(events.get(next));
      items.add(node(owner.item(items.size()).at(here.line(), here.column())));
    }
    next++;
    return new YamlNode.Sequence(owner, items);
  }

  private YamlNode mapping(Where owner) {
    Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
    while (events.get(next).getEventId() != Event.ID.MappingEnd) {
      Where place = syntax.place(events.get(next));
      YamlNode key = node(owner.at(place.line(), place.column()));
      if (key instanceof YamlNode.Text text) {
        entry(owner, text, entries);
      } else {
        if (!(key instanceof YamlNode.Refused)) {
          report.add(key.where(), key.shown(), "a word as the key");
        }
        node(key.where());
      }
    }
    next++;
    return new YamlNode.Mapping(owner, List.copyOf(entries.values()));
  }

  private void entry(Where owner, YamlNode.Text key, Map<String, YamlNode.Entry> entries) {
    Where here = owner.at(key.where().line(), key.where().column()).key(key.text());
    if (key.plain() && key.text().equals("<<")) {
      report.add(key.where(), "a merge key", "the keys themselves: merging is not taken");
      next = endOfNode(next);
      return;
    }
    YamlNode value = node(here);
    YamlNode.Entry first = entries.get(key.text());
    if (first != null) {
      report.add(
          here, "the same key again", "each key once: line " + first.where().line() + " has it");
    } else {
      entries.put(key.text(), new YamlNode.Entry(here, key.text(), value));
    }
  }

  /** Returns the index behind the node that begins at {@code from}. */
  private int endOfNode(int from) {
    int depth = 0;
    int at = from;
    do {
      switch (events.get(at++).getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        default -> {}
      }
    } while (depth > 0);
    return at;
  }
}
