package dev.backline.testbed.driver;

import dev.backline.testbed.driver.Setup.ServiceTime;
import dev.backline.testbed.http.Address;
import dev.backline.testbed.http.ControlCall;
import dev.backline.testbed.load.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a program's JVM has to load, in a file beside its jar: mapped at a start instead of read and
 * verified again, which saves half of the CPU time until it is ready (JEP 350).
 *
 * <p>The JVM itself refuses an archive of another jar, path or Java, and starts without it.
 */
final class ClassArchive {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** The JVM's warnings away from standard output, which tells when a program is ready. */
  private static final List<String> WARNINGS_ASIDE =
      List.of("-Xlog:disable", "-Xlog:all=warning:stderr");

  private static final String BALANCER = BalancerSlot.name(1);
  private static final String BACKEND = "backend-1";

  private ClassArchive() {}

  /** The archive of a jar for the Java that runs this: {@code NAME-VERSION.jsa}. */
  static Path of(Path jar) {
    String name = String.valueOf(jar.getFileName()).replaceFirst("\\.jar$", "");
    return jar.resolveSibling(name + "-" + System.getProperty("java.version") + ".jsa");
  }

  /** Flags for a JVM to use a jar's archive; none if there is none. */
  static List<String> flags(Path jar) {
    Path archive = of(jar);
    return Files.isRegularFile(archive)
        ? flags("-XX:SharedArchiveFile=" + archive.toAbsolutePath())
        : List.of();
  }

  /** Why this Java can make no archives; empty if it can. */
  static Optional<String> whyNot() {
    return System.getProperty("java.vm.info", "").contains("sharing")
        ? Optional.empty()
        : Optional.of("this Java comes without the archive of its own classes");
  }

  /**
   * Makes the archives of both jars by a rehearsal in the directory: two members and a backend on
   * free ports, a few requests, an orderly end. Blocks for some seconds.
   */
  static void make(Path directory, Path balancer, Path backend) throws TestbedException {
    Path balancerArchive = directory.resolve("balancer.jsa");
    Path backendArchive = directory.resolve("backend.jsa");
    Programs programs =
        Programs.of(balancer, atExit(balancerArchive), backend, atExit(backendArchive));
    Setup setup =
        new Setup(
            directory,
            programs,
            new AddressPlan.Ephemeral(),
            new Topology(2, 1),
            ServiceTime.NONE,
            new Clock(),
            line -> {});
    try (ProcessTestbed testbed = ProcessTestbed.start(setup)) {
      request(testbed.listeners().get(0));
      testbed.status(BALANCER);
      // One of each kind ends in order and writes; the other member is killed, and doesn't.
      testbed.askToStop(BALANCER);
      testbed.askToStop(BACKEND);
      testbed.awaitEnd(BALANCER);
      testbed.awaitEnd(BACKEND);
      put(balancerArchive, of(balancer));
      put(backendArchive, of(backend));
    } catch (IOException e) {
      throw new TestbedException("the rehearsal in " + directory + " failed", e);
    }
  }

  private static void request(Address listener) throws IOException {
    ControlCall call = new ControlCall();
    for (String path : List.of("/", "/whoami", "/api/v1/music", "/audio/1")) {
      call.send("GET", listener, path, "", "", LIMIT);
    }
    call.send("POST", listener, "/api/v1/plays", "", "{\"song\":1}", LIMIT);
  }

  private static void put(Path made, Path archive) throws IOException {
    Files.move(made, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static List<String> atExit(Path archive) {
    return flags("-XX:ArchiveClassesAtExit=" + archive.toAbsolutePath());
  }

  private static List<String> flags(String first) {
    return List.of(first, WARNINGS_ASIDE.get(0), WARNINGS_ASIDE.get(1));
  }
}
