package dev.backline.balancer;

import dev.backline.balancer.admin.SecretFile;
import dev.backline.balancer.config.HealthSettings;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.incident.Incident;
import dev.backline.balancer.incident.IncidentText;
import dev.backline.balancer.incident.Replay;
import dev.backline.balancer.incident.Timeline;
import dev.backline.balancer.incident.WhatIf;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** The command {@code replay}: makes the decisions of an incident again, or others. */
final class IncidentCommands {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());
  private static final DateTimeFormatter DAY_AND_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS XXX", Locale.ROOT)
          .withZone(ZoneId.systemDefault());
  private static final String HEALTH = "health.";

  /** The others decide when to look, and a record has only what was seen. */
  private static final List<String> JUDGED = List.of("fall", "rise");

  /** The header and the start stand before the events, and lines are counted from 1. */
  private static final int FIRST_EVENT_LINE = 3;

  /** The command line is wrong; the message says where. */
  private static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    Wrong(String message) {
      super(message);
    }
  }

  private IncidentCommands() {}

  static int replay(ParseResult result) {
    Path file = result.matchedPositionalValue(0, Path.of(""));
    try {
      Map<String, String> settings = settings(result.matchedOptionValue("--set", List.of()));
      Incident incident = IncidentFiles.read(file);
      String backend = result.matchedOptionValue("--backend", "");
      List<Timeline.Listed> called = backend.isEmpty() ? List.of() : called(incident, backend);
      List<String> differences = settings.isEmpty() ? List.of() : differences(incident, settings);
      tell(incident);
      Replay.Result again = Replay.of(incident);
      tell(incident, again);
      if (!settings.isEmpty()) {
        System.out.println("with other settings, judged by the same probes and requests:");
        settings.forEach((key, value) -> System.out.println("  " + HEALTH + key + ": " + value));
        differences.forEach(System.out::println);
      }
      called.forEach(each -> tellTimeline(incident, each));
      return again.isSame() ? Main.OK : Main.UNEXPECTED;
    } catch (Wrong e) {
      System.err.println(e.getMessage());
      return CommandLine.ExitCode.USAGE;
    } catch (NoSuchFileException e) {
      System.err.println(file + ": no such file (expected: one that a member wrote)");
    } catch (IOException e) {
      System.err.println(file + ": can't be read: " + SecretFile.why(e));
    } catch (IncidentText.Unreadable e) {
      System.err.println(file + ", " + e.getMessage());
    }
    return Main.BAD_CONFIG;
  }

  private static void tell(Incident incident) {
    Incident.Header header = incident.header();
    System.out.printf(
        Locale.ROOT,
        "%s, %s: %d events in %.1f s, until %s%n",
        incident.start().own(),
        header.version(),
        incident.entries().size(),
        incident.nanos() / 1e9,
        DAY_AND_TIME.format(Instant.ofEpochMilli(header.wallMillis())));
    header.why().forEach(why -> System.out.println("  " + why));
  }

  private static void tell(Incident incident, Replay.Result again) {
    if (again.isSame()) {
      System.out.println("the same decisions, made again: digest " + hex(again.digest()));
      return;
    }
    if (again.differsAt() < incident.entries().size()) {
      System.out.printf(
          "other decisions than recorded, from line %d of the file on, at %s%n",
          again.differsAt() + FIRST_EVENT_LINE,
          time(incident, incident.entries().get(again.differsAt()).atNanos()));
    } else {
      System.out.println("the same decisions, but not the same is known at the end");
    }
    String writer = incident.header().version();
    System.out.println(
        writer.equals(Main.version())
            ? "  this version wrote it: the file was changed, or this is a defect"
            : "  this is version " + Main.version() + ", the file was written by " + writer);
  }

  private static List<String> differences(Incident incident, Map<String, String> settings)
      throws Wrong {
    UnaryOperator<PoolPolicy> change =
        policy -> policy.withHealth(HealthSettings.change(policy.health(), settings));
    WhatIf whatIf = new WhatIf(incident, nanos -> time(incident, nanos));
    try {
      return whatIf.differences(change);
    } catch (IllegalArgumentException e) {
      throw new Wrong(
          "--set: " + HEALTH + String.valueOf(e.getMessage()).replace("\n", "\n--set: " + HEALTH));
    }
  }

  private static List<Timeline.Listed> called(Incident incident, String backend) throws Wrong {
    List<Timeline.Listed> all = Timeline.listed(incident);
    List<Timeline.Listed> called = all.stream().filter(each -> each.isCalled(backend)).toList();
    if (called.isEmpty()) {
      List<String> names = all.stream().map(each -> each.backend().name()).distinct().toList();
      throw new Wrong(
          "--backend: %s (expected: one of %s)".formatted(backend, String.join(", ", names)));
    }
    return called;
  }

  private static void tellTimeline(Incident incident, Timeline.Listed listed) {
    System.out.printf(
        "%s %s, pool %s:%n", listed.backend().name(), listed.backend().id(), listed.pool());
    for (Timeline.Line line : Timeline.of(incident, listed.pool(), listed.backend().id())) {
      String times =
          line.times() == 1
              ? ""
              : " (%d times until %s)".formatted(line.times(), time(incident, line.toNanos()));
      String mark = line.turn() ? "* " : "  ";
      System.out.println(
          "  " + time(incident, line.fromNanos()) + " " + mark + line.words() + times);
    }
  }

  private static Map<String, String> settings(List<String> texts) throws Wrong {
    Map<String, String> settings = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      String key = equals < 0 ? text : text.substring(0, equals);
      if (equals < 0 || JUDGED.stream().noneMatch(judged -> key.equals(HEALTH + judged))) {
        throw new Wrong(
            "--set: "
                + text
                + " (expected: health.fall=N or health.rise=N; what else is set decides when to look,"
                + " and a record has only what was seen)");
      }
      if (settings.put(key.substring(HEALTH.length()), text.substring(equals + 1)) != null) {
        throw new Wrong("--set: " + key + " twice (expected: once)");
      }
    }
    return settings;
  }

  private static String time(Incident incident, long nanos) {
    return TIME.format(Instant.ofEpochMilli(incident.header().wallMillis(nanos)));
  }

  private static String hex(long digest) {
    return IncidentText.hex(digest);
  }
}
