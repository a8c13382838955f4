package dev.backline.balancer.arch;

import java.util.ArrayList;
import java.util.List;

/** What a package may or may not use beside our own: groups of classes, known by their names. */
enum Outside {
  /** Values of the JDK: no clock, no thread, no randomness of their own. */
  JDK_VALUES(
      List.of(
          "java.lang.String",
          "java.util.LinkedHashMap",
          "java.time.Duration",
          "java.net.ConnectException")),
  /** Counters that several threads may write. */
  ATOMICS(List.of("java.util.concurrent.atomic.AtomicLong")),
  /** What an interface in control may promise to give later. */
  PROMISES(List.of("java.util.concurrent.CompletionStage")),
  /** The rest of the JDK; what a pure package is most tempted by. */
  JDK_REST(
      List.of(
          "java.lang.System",
          "java.lang.System.Logger",
          "java.lang.Thread",
          "java.lang.ThreadLocal",
          "java.lang.Runtime",
          "java.lang.ProcessBuilder",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.random.RandomGeneratorFactory",
          "java.util.concurrent.ThreadLocalRandom",
          "java.util.UUID",
          "java.util.Timer",
          "java.util.concurrent.Executor",
          "java.util.concurrent.ExecutorService",
          "java.util.concurrent.ScheduledExecutorService",
          "java.util.concurrent.CompletableFuture",
          "java.util.concurrent.locks.ReentrantLock",
          "java.util.Date",
          "java.time.Clock",
          "java.time.InstantSource",
          "java.time.Instant",
          "java.time.LocalDateTime",
          "java.util.logging.Logger",
          "java.io.File",
          "java.nio.file.Path",
          "java.net.InetAddress",
          "java.net.Socket")),
  /** Annotations about null. */
  JSPECIFY(List.of("org.jspecify.annotations.Nullable")),
  /** Netty's buffers. */
  NETTY_BUFFER(List.of("io.netty.buffer.ByteBuf", "io.netty.util.ByteProcessor")),
  /** The rest of Netty. */
  NETTY(List.of("io.netty.channel.Channel", "io.netty.util.ReferenceCounted")),
  /** The core of Vert.x. */
  VERTX_CORE(List.of("io.vertx.core.Vertx", "io.vertx.core.http.HttpClient")),
  /** Its router. */
  VERTX_WEB(List.of("io.vertx.ext.web.Router")),
  /** Its convenient client. */
  WEB_CLIENT(List.of("io.vertx.ext.web.client.WebClient")),
  /** The YAML parser. */
  YAML(List.of("org.snakeyaml.engine.v2.api.Load")),
  /** JSON for records. */
  GSON(List.of("com.google.gson.Gson")),
  /** The command line's parser. */
  PICOCLI(List.of("picocli.CommandLine")),
  /** The cluster's maps and topics. */
  HAZELCAST(List.of("com.hazelcast.core.HazelcastInstance")),
  /** The meters. */
  MICROMETER(List.of("io.micrometer.core.instrument.MeterRegistry")),
  /** Anything that nobody decided on. */
  UNKNOWN(List.of("org.slf4j.Logger", "com.google.common.collect.ImmutableList"));

  private static final List<String> VALUE_PACKAGES =
      List.of(
          "java.lang",
          "java.lang.annotation",
          "java.lang.invoke",
          "java.lang.runtime",
          "java.math",
          "java.nio",
          "java.nio.charset",
          "java.util",
          "java.util.function",
          "java.util.regex",
          "java.util.stream");

  private static final List<String> VALUE_CLASSES =
      List.of(
          "java.lang.reflect.AnnotatedType",
          "java.lang.reflect.RecordComponent",
          "java.lang.reflect.Type",
          "java.time.Duration",
          "java.util.random.RandomGenerator");

  /** In packages of values, but none: they know the time, the machine, threads or chance. */
  private static final List<String> NO_VALUES =
      List.of(
          "java.lang.ClassLoader",
          "java.lang.InheritableThreadLocal",
          "java.lang.Module",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.lang.StackWalker",
          "java.lang.System",
          "java.lang.Thread",
          "java.lang.ThreadGroup",
          "java.lang.ThreadLocal",
          "java.util.Calendar",
          "java.util.Date",
          "java.util.GregorianCalendar",
          "java.util.Random",
          "java.util.ServiceLoader",
          "java.util.SplittableRandom",
          "java.util.TimeZone",
          "java.util.Timer",
          "java.util.TimerTask",
          "java.util.UUID");

  @SuppressWarnings("ImmutableEnumChecker") // From List.of.
  private final List<String> examples;

  Outside(List<String> examples) {
    this.examples = examples;
  }

  /** Returns classes of the group, to be planted; not all of it. */
  List<String> examples() {
    return examples;
  }

  /** Returns the group of a class that isn't ours, by its binary name. */
  static Outside of(String binaryName) {
    String outermost = binaryName.replaceFirst("\\$.*", "");
    String inPackage = outermost.substring(0, Math.max(0, outermost.lastIndexOf('.')));
    if (inPackage.equals("com.sun.management")) {
      return JDK_REST;
    }
    if (outermost.startsWith("java.") || outermost.startsWith("javax.")) {
      if (inPackage.equals("java.util.concurrent.atomic")) {
        return ATOMICS;
      }
      if (outermost.equals("java.util.concurrent.CompletionStage")) {
        return PROMISES;
      }
      // An exception is a value too: what failed elsewhere may be told apart.
      boolean value =
          outermost.endsWith("Exception")
              || VALUE_CLASSES.contains(outermost)
              || (VALUE_PACKAGES.contains(inPackage) && !NO_VALUES.contains(outermost));
      return value ? JDK_VALUES : JDK_REST;
    }
    if (inPackage.equals("io.netty.buffer") || outermost.equals("io.netty.util.ByteProcessor")) {
      return NETTY_BUFFER;
    }
    if (isBelow(inPackage, "org.jspecify")) {
      return JSPECIFY;
    }
    if (isBelow(inPackage, "io.netty")) {
      return NETTY;
    }
    if (isBelow(inPackage, "io.vertx.ext.web.client")) {
      return WEB_CLIENT;
    }
    if (isBelow(inPackage, "io.vertx.ext.web")) {
      return VERTX_WEB;
    }
    if (isBelow(inPackage, "io.vertx.core")) {
      return VERTX_CORE;
    }
    if (isBelow(inPackage, "org.snakeyaml")) {
      return YAML;
    }
    if (isBelow(inPackage, "com.google.gson")) {
      return GSON;
    }
    if (isBelow(inPackage, "picocli")) {
      return PICOCLI;
    }
    if (isBelow(inPackage, "com.hazelcast")) {
      return HAZELCAST;
    }
    if (isBelow(inPackage, "io.micrometer")) {
      return MICROMETER;
    }
    return UNKNOWN;
  }

  /** Returns every class that is planted. */
  static List<String> allExamples() {
    List<String> all = new ArrayList<>();
    for (Outside group : values()) {
      all.addAll(group.examples);
    }
    return all;
  }

  private static boolean isBelow(String inPackage, String top) {
    return inPackage.equals(top) || inPackage.startsWith(top + ".");
  }
}
