package dev.backline.balancer.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Places in a text, and what is wrong with it as YAML, in our words. */
final class YamlSyntax {
  private static final int SNIPPET = 40;

  private final String[] lines;

  YamlSyntax(String text) {
    // Without the empty last one: places stay within what an editor shows.
    this.lines = text.split("\r\n|\r|\n", 0);
  }

  /** Reports the first character that no configuration needs; returns whether there is one. */
  boolean refusesCharacters(Report report) {
    for (int line = 0; line < lines.length; line++) {
      for (int at = 0; at < lines[line].length(); ) {
        int c = lines[line].codePointAt(at);
        boolean byteOrderMark = c == 0xfeff && line == 0 && at == 0;
        if (!isAllowed(c) && !byteOrderMark) {
          report.add(
              new Where("", line + 1, at + 1),
              c == 0xfffd ? "bytes that are not UTF-8" : String.format("character U+%04X", c),
              "printable text in UTF-8");
          return true;
        }
        at += Character.charCount(c);
      }
    }
    return false;
  }

  private static boolean isAllowed(int c) {
    return c == '\t'
        || (c >= 0x20 && c < 0x7f)
        || (c >= 0xa0 && c < 0xd800)
        || (c >= 0xe000 && c < 0xfeff)
        || (c > 0xfeff && c < 0xfffd)
        || c >= 0x10000;
  }

  Where place(Event event) {
    return place(event.getStartMark());
  }

  /** Returns the place of a mark, within the text also where the mark is behind its end. */
  Where place(Optional<Mark> mark) {
    int line = Math.min(mark.map(Mark::getLine).orElse(0), Math.max(lines.length, 1) - 1);
    int column = mark.map(Mark::getColumn).orElse(0);
    return new Where("", line + 1, column + 1);
  }

  Where firstLineThatStarts(String start) {
    for (int line = 0; line < lines.length; line++) {
      if (lines[line].startsWith(start)) {
        return new Where("", line + 1, 1);
      }
    }
    return new Where("", 1, 1);
  }

  void report(MarkedYamlEngineException e, Report report) {
    String context = orEmpty(e.getContext());
    String problem = orEmpty(e.getProblem());
    Where here = place(e.getProblemMark());
    Where start = e.getContextMark().isPresent() ? place(e.getContextMark()) : here;
    if (context.contains("scanning an alias") || context.contains("scanning an anchor")) {
      String found = word(start);
      report.add(
          start,
          found,
          "quotes around it, \"" + found + "\": bare, it means something else in YAML");
    } else if (problem.contains("(TAB)")) {
      report.add(here, "a tab", "spaces");
    } else if (problem.contains("that cannot start any token")) {
      String found = word(here);
      report.add(here, found, "quotes around it, \"" + found + '"');
    } else if (context.contains("quoted scalar")) {
      quotes(problem, start, here, report);
    } else if (context.contains("flow mapping")) {
      report.add(start, snippet(start), "its keys to be apart by commas, and a } at its end");
    } else if (context.contains("flow sequence")) {
      report.add(start, snippet(start), "its items to be apart by commas, and a ] at its end");
    } else {
      boolean aboutTheLine = problem.contains("are not allowed here");
      String found = snippet(aboutTheLine ? new Where("", here.line(), 1) : here);
      report.add(here, found.isEmpty() ? "nothing" : found, expected(context, problem, found));
    }
  }

  private void quotes(String problem, Where start, Where here, Report report) {
    if (problem.contains("escape") || problem.contains("hexa")) {
      report.add(here, snippet(start), "\\\\ for a backslash, or '...' instead of \"...\"");
    } else {
      report.add(start, snippet(start), "a closing quote");
    }
  }

  private static String expected(String context, String problem, String found) {
    if (problem.contains("mapping values are not allowed")) {
      return "a key at the indentation of its neighbours, a colon after the key above it, or quotes"
          + " around a value with a colon in it";
    }
    if (problem.contains("sequence entries are not allowed")) {
      return "the items of a list below their key, each on a line with its -";
    }
    if (problem.contains("expected ':'")) {
      return "a colon and a space after a key";
    }
    if (problem.contains("expected the node content")) {
      return found.startsWith(":") ? "quotes around an IPv6 address, \"[::1]:3000\"" : "a value";
    }
    if (problem.contains("<block end>")) {
      return "a key, or an item, at the indentation of its neighbours";
    }
    if (problem.contains("<document start>")) {
      return "nothing more after the end";
    }
    return context.contains("tag") ? "a value without a ! tag" : "YAML, which this is not";
  }

  private String snippet(Where where) {
    if (where.line() > lines.length) {
      return "";
    }
    String line = lines[where.line() - 1];
    int from = line.offsetByCodePoints(0, Math.min(where.column() - 1, codePoints(line)));
    String rest = line.substring(from).strip();
    return rest.isEmpty()
        ? ""
        : Shown.value(rest.substring(0, Math.min(rest.length(), SNIPPET)).strip());
  }

  private static int codePoints(String line) {
    return line.codePointCount(0, line.length());
  }

  /** Returns what stands there up to the next space or bracket. */
  private String word(Where where) {
    return snippet(where).split("[\\s,}\\]]", 2)[0];
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
