package dev.backline.balancer.config;

import java.util.List;

/** What a text holds, before anybody asks what it means. */
sealed interface YamlNode {

  /** Returns where it stands. */
  Where where();

  /** Returns what a message calls it. */
  String shown();

  /**
   * One value.
   *
   * @param plain whether it stands without quotes
   */
  record Text(Where where, String text, boolean plain) implements YamlNode {
    /** Returns whether nothing was written: YAML has four ways to say so. */
    boolean isNothing() {
      return plain
          && (text.isEmpty()
              || text.equals("~")
              || text.equals("null")
              || text.equals("Null")
              || text.equals("NULL"));
    }

    @Override
    public String shown() {
      return isNothing() ? "nothing" : Shown.value(text);
    }
  }

  /** Keys with their values, each key once, in the order of the text. */
  record Mapping(Where where, List<Entry> entries) implements YamlNode {
    /** Copies. */
    public Mapping {
      entries = List.copyOf(entries);
    }

    @Override
    public String shown() {
      return "a map";
    }
  }

  /** Values in a row. */
  record Sequence(Where where, List<YamlNode> items) implements YamlNode {
    /** Copies. */
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String shown() {
      return "a list";
    }
  }

  /** What was refused as YAML, and is in the report already: nobody says more of it. */
  record Refused(Where where) implements YamlNode {
    @Override
    public String shown() {
      return "something else";
    }
  }

  /** A key with its value. */
  record Entry(Where where, String key, YamlNode value) {}
}
