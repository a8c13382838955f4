package dev.backline.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a member leaves when it puts a backend out, and what people make of it. */
final class IncidentsTest extends ClosesWhatItOpened {
  @TempDir Path folder;

  private final RawBackend one = opened(RawBackend.saying("one"));
  private final RawBackend two = opened(RawBackend.saying("two"));

  private Member member(String incidents) {
    return opened(Member.configured(Member.of(one, two).text() + incidents))
        .awaitHealth("backend-1", "up")
        .awaitHealth("backend-2", "up");
  }

  private static List<Path> files(Member member) throws IOException {
    Path directory = member.folder().resolve("backline-incidents");
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
  }

  /** Puts a backend out, waits for the file of it, and brings the backend back. */
  private Path putOut(Member member) throws IOException {
    int before = files(member).size();
    one.kill();
    Eventually.await().until(() -> files(member).size() > before);
    List<Path> files = files(member);
    return files.get(files.size() - 1);
  }

  @Test
  void backendThatIsPutOutLeavesAFileThatIsDecidedAgain() throws IOException {
    Path file = putOut(member(""));

    assertThat(file.getFileName().toString())
        .matches("[0-9]{8}T[0-9]{6}\\.[0-9]{3}Z-balancer-1\\.jsonl");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Executed again = Executed.run("replay", file.toString());
    assertThat(again.code()).isZero();
    assertThat(again.out())
        .containsPattern(
            "balancer-1, development: [0-9]+ events in [0-9.]+ s, until 20[0-9-]+ [0-9:.]+ ")
        .containsPattern("\n {2}backend-1 \\(pool music\\): suspect -> refusing: refused\n")
        .containsPattern("\nthe same decisions, made again: digest [0-9a-f]{16}\n$");
  }

  @Test
  void memberThatEndsWritesWhatItWasAboutToWrite() throws IOException {
    Member member = member("incidents: {directory: " + folder.resolve("seen") + "}\n");
    one.kill();
    member.awaitHealth("backend-1", "down");
    member.end();

    try (Stream<Path> files = Files.list(folder.resolve("seen"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void withNoneToKeepNothingIsWritten() {
    Member member = member("incidents: {directory: " + folder.resolve("seen") + ", keep: 0}\n");
    one.kill();
    member.awaitHealth("backend-1", "down");
    member.end();

    assertThat(folder.resolve("seen")).doesNotExist();
  }

  @Test
  void directoryThatCannotBeMadeStopsNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Member member = member("incidents: {directory: " + file.resolve("below") + "}\n");
    one.kill();
    member.awaitHealth("backend-1", "down");

    assertThat(member.get("/").text()).isEqualTo("two");
    member.end();
  }

  @Test
  void replayTellsWhatAnotherSettingWouldHaveChanged() throws IOException {
    String file = putOut(member("")).toString();

    Executed changed = Executed.run("replay", file, "--set", "health.fall=1");
    assertThat(changed.code()).isZero();
    assertThat(changed.out())
        .contains(
            "with other settings, judged by the same probes and requests:\n  health.fall: 1\n")
        .containsPattern(
            "backend-1 \\(pool music\\), after [0-9:.]+ another way, [0-9]+ ms before the record ends:\n {2}recorded: ")
        .endsWith("no difference: backend-2\n");
    assertThat(Executed.run("replay", file, "--backend", "backend-1").out())
        .containsPattern("\n {2}[0-9:.]+ {3}probe failed: refused")
        .containsPattern("\n {2}[0-9:.]+ \\* suspect -> refusing: refused\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--set fall=3|--set: fall=3 (expected: health.fall=N or health.rise=N; what else is set",
        "--set health.fall|--set: health.fall (expected: health.fall=N or health.rise=N; what",
        "--set health.timeout=1s|--set: health.timeout=1s (expected: health.fall=N or health.rise=N;",
        "--set health.fall=1 --set health.fall=2|--set: health.fall twice (expected: once)",
        "--set health.fall=x|--set: health.fall: x (expected: a whole number from 1 to 100)",
        "--backend other|--backend: other (expected: one of backend-1, backend-2)"
      })
  void wrongOptionIsTold(String options, String message) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("replay", putOut(member("")).toString()));
    arguments.addAll(List.of(options.split(" ")));

    Executed result = Executed.run(arguments.toArray(String[]::new));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith(message);
  }

  @Test
  void fileThatIsNoIncidentIsTold() throws IOException {
    Path other = Files.writeString(folder.resolve("other"), "some music\n");
    Path half = folder.resolve("half");
    List<String> lines = Files.readAllLines(putOut(member("")));
    Files.write(half, lines.subList(0, lines.size() - 1));

    assertThat(Executed.run("replay", folder.resolve("none").toString()).err())
        .isEqualTo(folder.resolve("none") + ": no such file (expected: one that a member wrote)\n");
    assertThat(Executed.run("replay", other.toString()).err())
        .isEqualTo(other + ", line 1: some music (expected: the header of an incident)\n");
    Executed result = Executed.run("replay", half.toString());
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err())
        .startsWith(half + ", line " + (lines.size() - 1) + ": ")
        .contains("(expected: the number of events, as the last line of a file");
  }

  @Test
  void otherDecisionsThanRecordedAreTold() throws IOException {
    Path file = putOut(member(""));
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    int fourth = 2 + 3;
    lines.set(
        fourth, lines.get(fourth).replaceFirst("\"digest\":\"[0-9a-f]*\"", "\"digest\":\"0\""));
    Files.write(file, lines);

    Executed result = Executed.run("replay", file.toString());

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .contains("other decisions than recorded, from line 6 of the file on, at ")
        .endsWith("  this version wrote it: the file was changed, or this is a defect\n");
  }

  @Test
  void adminInterfaceTellsTheTimelineOfABackend() {
    Member member = member("");
    one.kill();
    member.awaitHealth("backend-1", "down");

    JsonObject byName =
        new JsonObject(member.admin("GET", "/v1/backends/backend-1/timeline").text());
    JsonObject timeline = byName.getJsonArray("timelines").getJsonObject(0);
    assertThat(byName.getString("member")).isEqualTo("balancer-1");
    assertThat(timeline.getString("pool")).isEqualTo("music");
    assertThat(timeline.getJsonArray("lines"))
        .extracting(line -> ((JsonObject) line).getString("words"))
        .containsSubsequence(
            "listed",
            "unproven -> up: passes: 200",
            "up -> suspect: refused",
            "suspect -> refusing: refused");
    JsonObject byAddress =
        new JsonObject(member.admin("GET", "/v1/backends/" + one.address() + "/timeline").text());
    assertThat(byAddress.getJsonArray("timelines").getJsonObject(0).getString("name"))
        .isEqualTo("backend-1");

    RawClient.Answer unknown = member.admin("GET", "/v1/backends/other/timeline");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.text()).contains("backend: other (expected: one of backend-1, backend-2)");
  }

  @Test
  void whatAMemberWasToldCanBeAskedFor() throws IOException {
    Member member = member("");

    RawClient.Answer answer = member.admin("GET", "/v1/incident");
    Path file = Files.writeString(folder.resolve("asked.jsonl"), answer.text());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(Executed.run("replay", file.toString()).out())
        .contains("the same decisions, made again: digest ");
  }
}
