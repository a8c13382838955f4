package dev.backline.balancer.config;

/** The manual of the file, made of the schema that the parser reads. */
public final class ConfigReference {
  private static final String HEAD =
      """
      # Configuration

      <!-- Generated from the code: `java -jar balancer/target/balancer.jar config-reference > docs/configuration.md` -->

      One YAML file, `backline.yml`. The least that works, for three backends with failover:

      ```yaml
      pools:
        web:
          backends: [127.0.0.11:3000, 127.0.0.12:3000, 127.0.0.13:3000]
      ```

      [three-backends.yml](examples/three-backends.yml) adds a host name and says where the health page is;
      [dns.yml](examples/dns.yml) takes the addresses of a name;
      [all-options.yml](examples/all-options.yml) holds every key.

      All errors of a file are told at once, each with the key, the line, the value and what was expected:
      `pools.web.health.fall (line 12): 0 (expected: a whole number from 1 to 100)`.

      - **Durations** have a unit: `500ms`, `2s`, `5m`, `1h`. **Sizes** too: `512B`, `64KiB`, `16MiB`, `1GiB`. Both are whole numbers, without leading zeros.
      - **Names** of members, pools and backends have at most 63 letters, digits, `-`, `_` and `.`, and begin with a letter or digit.
      - **File names** are relative to the folder of the configuration.
      - **Quotes** are needed around what starts with `*` (`"*.example"`) and around IPv6 addresses (`"[::1]:3000"`): both mean something else in YAML.
      - Of YAML, maps, lists and text are taken; no anchors, aliases, merge keys, tags, or second document. A key stands once. At most 1 MiB, nested at most 16 deep.
      """;

  private static final String RULES =
      """

      ## What holds between keys

      - A route leads to a pool that is listed; no two routes have the same host and path; several pools need routes.
      - Within a pool, each address and each name stands once, the names that the list makes (`backend-2`) included.
      - No two listeners, and no listener and the admin address, take one address; `0.0.0.0` and `[::]` take those of the whole machine. Port 0 never collides.
      - A backend is never this member's own listener or admin address: that would be a loop. Addresses that a name has are held to the same rules as those of the file, and left out with a warning.
      - `health.timeout` is at most `health.interval`; `timeouts.connect` at most `timeouts.head`, and that at most `timeouts.total`. A default counts as if it were written.
      - A pool has either `backends` or `dns`, never both.
      - `dns.timeout` is at most `dns.interval`.
      - `balance.on` is given with `policy: hash`, and only then.
      """;

  private final StringBuilder page = new StringBuilder(HEAD);

  private ConfigReference() {}

  /** Returns the page. */
  public static String markdown() {
    ConfigReference reference = new ConfigReference();
    reference.section("At the top of the file", "", MemberSchema.ROOT);
    return reference.page.append(RULES).toString();
  }

  private void section(String title, String path, SectionType section) {
    page.append("\n## ").append(title).append("\n\n");
    Key<?> shorthand = section.shorthand();
    if (shorthand != null && section.keys().contains(shorthand)) {
      page.append("A lone value stands for `{").append(shorthand.name()).append(": ...}`.\n\n");
    } else if (shorthand != null) {
      page.append("A lone value is a `").append(shorthand.name()).append("`.\n\n");
    }
    page.append("| key | value | default | meaning |\n| --- | --- | --- | --- |\n");
    for (Key<?> key : section.keys()) {
      row(key);
    }
    for (Key<?> key : section.keys()) {
      below(path.isEmpty() ? key.name() : path + "." + key.name(), key.type());
    }
  }

  private void row(Key<?> key) {
    page.append("| `").append(key.name()).append("` | ").append(kind(key.type())).append(" | ");
    page.append(key.byDefault()).append(" | ").append(key.meaning()).append(" |\n");
  }

  private static String kind(Type<?> type) {
    if (type instanceof ScalarType<?> scalar) {
      return scalar.kind();
    } else if (type instanceof SectionType) {
      return "map";
    } else if (type instanceof ListType list) {
      return "list, " + list.min() + " to " + list.max();
    } else if (type instanceof NamedType named) {
      return "map, 1 to " + named.max() + " names";
    }
    throw new AssertionError(type + " (expected: a known type)");
  }

  private void below(String path, Type<?> type) {
    if (type instanceof SectionType section) {
      section("`" + path + "`", path, section);
    } else if (type instanceof ListType list) {
      section("`" + path + "`, each", path + "[]", list.item());
    } else if (type instanceof NamedType named) {
      section("`" + path + ".NAME`", path + ".NAME", named.item());
    }
  }
}
