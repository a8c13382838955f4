package dev.backline.balancer.incident;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonDeserializationContext;
import com.google.gson.JsonDeserializer;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.JsonSerializationContext;
import com.google.gson.JsonSerializer;
import com.google.gson.Strictness;
import dev.backline.balancer.control.Controller;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.IpAddress;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.route.Route;
import dev.backline.balancer.route.Router;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Incidents as lines of JSON: a header, the start, one line for each event, and their number, so
 * that half a file is known for what it is.
 *
 * <p>Records are objects of their components. Where one of several may stand, {@code is} names the
 * one. Times are in nanoseconds on the member's clock, durations as in ISO 8601, digests in
 * hexadecimal digits.
 */
public final class IncidentText {
  static final String FORMAT = "backline incident 1";
  private static final int HEX = 16;
  private static final int SHOWN = 60;

  private static final Gson WRITER = adapters(new GsonBuilder()).create();
  private static final Gson READER =
      adapters(new GsonBuilder().registerTypeAdapterFactory(new WholeRecords())).create();

  private record First(String format, Incident.Header header) {}

  private record Second(Controller.Checkpoint start, String digest) {}

  private record Line(long at, Event event, String digest) {}

  private record Last(int events, String known) {}

  /** What its text says. */
  private record AsText<T>(Function<String, T> parse)
      implements JsonSerializer<T>, JsonDeserializer<T> {
    @Override
    public JsonElement serialize(T value, Type type, JsonSerializationContext context) {
      return new JsonPrimitive(value.toString());
    }

    @Override
    public T deserialize(JsonElement json, Type type, JsonDeserializationContext context) {
      return parse.apply(json.getAsString());
    }
  }

  /** A router is its routes. */
  private static final class AsRoutes implements JsonSerializer<Router>, JsonDeserializer<Router> {
    @Override
    public JsonElement serialize(Router router, Type type, JsonSerializationContext context) {
      return context.serialize(router.routes());
    }

    @Override
    public Router deserialize(JsonElement json, Type type, JsonDeserializationContext context) {
      Route[] routes = context.deserialize(json, Route[].class);
      return new Router(List.of(routes));
    }
  }

  /** The lines are no incident. The message names the line and what was expected. */
  public static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;

    Unreadable(int line, String what, String expected) {
      super("line %d: %s (expected: %s)".formatted(line, what, expected));
    }
  }

  private IncidentText() {}

  /** Adds those that stand before what was added first. */
  private static GsonBuilder adapters(GsonBuilder builder) {
    return builder
        .enableComplexMapKeySerialization()
        .disableHtmlEscaping()
        .setStrictness(Strictness.STRICT)
        .registerTypeAdapterFactory(new OneOfAdapters())
        .registerTypeAdapter(Duration.class, new AsText<>(Duration::parse))
        .registerTypeAdapter(PoolName.class, new AsText<>(PoolName::new))
        .registerTypeAdapter(MemberId.class, new AsText<>(MemberId::new))
        .registerTypeAdapter(BackendId.class, new AsText<>(BackendId::parse))
        .registerTypeAdapter(IpAddress.class, new AsText<>(IncidentText::address))
        .registerTypeAdapter(Router.class, new AsRoutes());
  }

  /** Returns an incident's lines, without their ends. */
  public static List<String> lines(Incident incident) {
    List<String> lines = new ArrayList<>();
    lines.add(WRITER.toJson(new First(FORMAT, incident.header())));
    lines.add(WRITER.toJson(new Second(incident.start(), hex(incident.startDigest()))));
    for (Incident.Entry entry : incident.entries()) {
      lines.add(WRITER.toJson(new Line(entry.atNanos(), entry.event(), hex(entry.digest()))));
    }
    lines.add(WRITER.toJson(new Last(incident.entries().size(), hex(incident.endDigest()))));
    return lines;
  }

  /** Returns the incident of such lines. */
  public static Incident read(List<String> lines) throws Unreadable {
    First first = line(lines, 0, First.class, "the header of an incident");
    if (!FORMAT.equals(first.format())) {
      throw new Unreadable(1, "format: " + first.format(), FORMAT);
    }
    Second second = line(lines, 1, Second.class, "what the controller knew at the start");
    List<Incident.Entry> entries = new ArrayList<>();
    for (int i = 2; i < lines.size() - 1; i++) {
      Line line = line(lines, i, Line.class, "an event");
      entries.add(new Incident.Entry(line.at(), line.event(), digest(line.digest(), i)));
    }
    int last = Math.max(2, lines.size() - 1);
    Last end = line(lines, last, Last.class, "the number of events, as the last line of a file");
    if (end.events() != entries.size()) {
      throw new Unreadable(
          last + 1, end.events() + " events", entries.size() + ": so many lines stand before it");
    }
    long endDigest = digest(end.known(), last);
    return new Incident(
        first.header(), second.start(), digest(second.digest(), 1), entries, endDigest);
  }

  /** Returns a digest as people see it. */
  public static String hex(long digest) {
    return "%016x".formatted(digest);
  }

  private static long digest(String text, int index) throws Unreadable {
    try {
      return Long.parseUnsignedLong(text, HEX);
    } catch (NumberFormatException e) {
      throw new Unreadable(index + 1, "digest: " + text, "16 hexadecimal digits");
    }
  }

  private static <T> T line(List<String> lines, int index, Class<T> type, String expected)
      throws Unreadable {
    if (index >= lines.size()) {
      throw new Unreadable(index + 1, "the file ends", expected);
    }
    String line = lines.get(index);
    T read;
    try {
      read = READER.fromJson(line, type);
    } catch (RuntimeException e) {
      // Not JSON, or of something else: records check their components, each in its own way.
      boolean isOurs = e.getClass() == JsonParseException.class;
      throw new Unreadable(
          index + 1, shown(line), isOurs ? expected + " " + e.getMessage() : expected);
    }
    if (read == null) {
      throw new Unreadable(index + 1, "empty", expected);
    }
    return read;
  }

  private static String shown(String line) {
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
  }

  private static IpAddress address(String text) {
    IpAddress address = IpAddress.parse(text);
    if (address == null) {
      throw new JsonParseException(text + " (expected: an IP address)");
    }
    return address;
  }
}
