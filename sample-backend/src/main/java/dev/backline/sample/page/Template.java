package dev.backline.sample.page;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTML with {@code {{names}}} to be filled in; a name that isn't given is a mistake of ours. */
record Template(String text) {
  private static final Pattern NAME = Pattern.compile("\\{\\{([a-z]+)}}");

  /** HTML that goes in as it is; anything else is escaped. */
  record Markup(String html) {}

  String fill(Map<String, ?> values) {
    Matcher names = NAME.matcher(text);
    StringBuilder filled = new StringBuilder(text.length() * 2);
    while (names.find()) {
      Object value = values.get(names.group(1));
      if (value == null) {
        throw new AssertionError(names.group() + ": no value");
      }
      String html = value instanceof Markup markup ? markup.html() : escaped(value.toString());
      names.appendReplacement(filled, Matcher.quoteReplacement(html));
    }
    return names.appendTail(filled).toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
