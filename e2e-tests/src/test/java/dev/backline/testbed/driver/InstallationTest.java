package dev.backline.testbed.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backline.testbed.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where programs are run from follows what was built, and a failed archive costs only time. */
class InstallationTest {
  @TempDir private Path root;
  private final List<String> told = new ArrayList<>();

  private Path jars() {
    return root.resolve("target/jars");
  }

  private void built(String module, String content) throws IOException {
    Path target = root.resolve(module).resolve("target");
    Files.createDirectories(target);
    Files.writeString(target.resolve(module + ".jar"), content);
  }

  private Programs upToDate() throws TestbedException {
    return Installation.upToDate(root, jars(), told::add);
  }

  @Test
  void nothingBuiltIsToldWithWhatToDo() {
    assertThatThrownBy(this::upToDate)
        .isInstanceOf(TestbedException.class)
        .hasMessageContaining("balancer.jar: no such file")
        .hasMessageContaining("mvn -DskipTests package");
  }

  @Test
  void whatCannotBeRehearsedIsInstalledWithoutArchives() throws Exception {
    built("balancer", "no jar");
    built("sample-backend", "no jar either");

    Programs programs = upToDate();

    assertThat(jars().resolve("balancer.jar")).hasContent("no jar");
    assertThat(jars().resolve("sample-backend.jar")).hasContent("no jar either");
    assertThat(programs.balancer()).endsWith("-jar", jars().resolve("balancer.jar").toString());
    assertThat(programs.balancer()).noneMatch(flag -> flag.contains("SharedArchiveFile"));
    if (ClassArchive.whyNot().isEmpty()) {
      assertThat(told).hasSize(2);
      assertThat(told.get(1)).startsWith("no class archives, starts take longer: ");
    }
  }

  @Test
  void newBuildReplacesTheCopyAndItsArchiveOnly() throws Exception {
    built("balancer", "first");
    built("sample-backend", "backend");
    upToDate();
    Path archive = ClassArchive.of(jars().resolve("balancer.jar"));
    Path other = ClassArchive.of(jars().resolve("sample-backend.jar"));
    Files.writeString(archive, "of the first");
    Files.writeString(other, "of the backend");
    told.clear();

    assertThat(upToDate().balancer()).contains("-XX:SharedArchiveFile=" + archive);
    assertThat(told).isEmpty();

    built("balancer", "second");
    upToDate();
    assertThat(jars().resolve("balancer.jar")).hasContent("second");
    assertThat(archive).doesNotExist();
    assertThat(other).hasContent("of the backend");
  }

  /** {@code -Xshare:on} makes the JVM end where it would go on without. */
  @Test
  @Tag(Build.PROCESSES)
  void javaTakesTheArchives() throws Exception {
    Assumptions.assumeTrue(ClassArchive.whyNot().isEmpty(), "this Java makes no archives");
    Programs programs = Build.programs();
    for (List<String> program : List.of(programs.balancer(), programs.backend())) {
      List<String> command = new ArrayList<>(program);
      command.add(1, "-Xshare:on");
      command.add("--help");

      Program.Ended ended = Program.run(command, root, Map.of(), Duration.ofSeconds(60));

      assertThat(command).anyMatch(flag -> flag.startsWith("-XX:SharedArchiveFile="));
      assertThat(ended.code()).as(ended.output() + ended.errors()).isZero();
      assertThat(ended.output()).containsIgnoringCase("usage");
    }
  }
}
