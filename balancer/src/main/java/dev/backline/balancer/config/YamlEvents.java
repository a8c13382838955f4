package dev.backline.balancer.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The library's view of a text as a row of events, or an error in our words.
 *
 * <p>A flat loop: it ends at the first event that nests too deep, before the library's cost, which
 * grows with the square of the depth (6 s for 200,000 brackets), or anybody's recursion can hurt.
 */
final class YamlEvents {
  /** The largest text: thousands of backends fit. */
  static final int MAX_CHARS = 1 << 20;

  /** The deepest nesting: the schema needs 6. */
  static final int MAX_DEPTH = 16;

  private YamlEvents() {}

  /** Returns the events of one document, or null if the report says why there are none. */
  static @Nullable List<Event> of(String text, Report report) {
    if (text.length() > MAX_CHARS) {
      report.add(new Where("", 1, 1), text.length() + " characters", "at most " + MAX_CHARS);
      return null;
    }
    YamlSyntax syntax = new YamlSyntax(text);
    if (syntax.refusesCharacters(report)) {
      return null;
    }
    try {
      return bounded(text, syntax, report);
    } catch (MarkedYamlEngineException e) {
      syntax.report(e, report);
    } catch (YamlEngineException e) {
      // The only one left without a place is an unknown version in a %YAML line.
      report.add(
          syntax.firstLineThatStarts("%"), "this %YAML line", "YAML 1.2, best without a % line");
    }
    return null;
  }

  private static @Nullable List<Event> bounded(String text, YamlSyntax syntax, Report report) {
    List<Event> events = new ArrayList<>();
    int depth = 0;
    int documents = 0;
    for (Event event : new Parse(LoadSettings.builder().build()).parseString(text)) {
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        case DocumentStart -> documents++;
        default -> {}
      }
      if (depth > MAX_DEPTH) {
        report.add(syntax.place(event), "deeper nesting", "at most " + MAX_DEPTH + " levels");
        return null;
      }
      if (documents > 1) {
        report.add(syntax.place(event), "a second document", "one: no second --- line");
        return null;
      }
      events.add(event);
    }
    return events;
  }
}
