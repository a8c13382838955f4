package dev.backline.balancer.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a member keeps for its next life. */
class RegistrationFileTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final long MINUTE_NANOS = 60_000_000_000L;
  private static final PoolName WEB = new PoolName("web");

  @TempDir private Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private Path path = Path.of("");

  @BeforeEach
  void name() {
    path = folder.resolve("state.json");
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private RegistrationFile at(Instant now) {
    return new RegistrationFile(vertx, path, InstantSource.fixed(now));
  }

  private void onContext(Runnable action) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        v -> {
          action.run();
          done.complete();
        });
    done.future().await();
  }

  private static Registration word(long sequence) {
    Registration.Terms terms =
        new Registration.Terms(new BackendId("fd00::5", 3000), 2, 10_000, "digest");
    return new Registration(WEB, "a", 7, sequence, terms);
  }

  private static Registration withdrawal() {
    return new Registration(WEB, "b", 7, 3, null);
  }

  private static List<Registration> words(RegistrationFile file) {
    return file.read().registrations();
  }

  @Test
  void whatIsKeptIsReadAsItWas() {
    RegistrationFile file = at(NOON);
    MemberId two = new MemberId("balancer-2");
    MemberId three = new MemberId("balancer-3");
    onContext(
        () -> {
          file.keep(WEB, List.of(word(1), withdrawal()));
          file.keep(List.of(two), Map.of(three, MINUTE_NANOS));
        });
    file.written().await();
    assertThat(at(NOON).read())
        .isEqualTo(
            new RegistrationFile.State(
                List.of(word(1), withdrawal()), Map.of(two, 0L, three, MINUTE_NANOS)));
    assertThat(at(NOON.plusSeconds(60)).read().silentNanos())
        .as("the time in between included")
        .isEqualTo(Map.of(two, MINUTE_NANOS, three, 2 * MINUTE_NANOS));
    assertThat(at(NOON.minusSeconds(120)).read().silentNanos())
        .as("a clock that went back")
        .isEqualTo(Map.of(two, 0L, three, 0L));
  }

  @Test
  void otherMembersAloneAreNotKept() {
    RegistrationFile file = at(NOON);
    onContext(() -> file.keep(List.of(new MemberId("balancer-2")), Map.of()));
    file.written().await();
    assertThat(folder).isEmptyDirectory();
  }

  /** Writing takes its time; what came meanwhile must not be lost. */
  @Test
  void lastWordIsWrittenHoweverFastTheyCome() {
    RegistrationFile file = at(NOON);
    onContext(
        () -> {
          for (int i = 1; i <= 100; i++) {
            file.keep(WEB, List.of(word(i)));
          }
        });
    file.written().await();
    assertThat(words(at(NOON))).containsExactly(word(100));
    onContext(() -> file.keep(WEB, List.of()));
    file.written().await();
    assertThat(words(at(NOON))).isEmpty();
  }

  @Test
  void olderThanADayIsNotUsed() {
    RegistrationFile file = at(NOON);
    onContext(() -> file.keep(WEB, List.of(word(1))));
    file.written().await();
    assertThat(words(at(NOON.plus(Duration.ofHours(24))))).hasSize(1);
    assertThat(words(at(NOON.plus(Duration.ofHours(24)).plusSeconds(1)))).isEmpty();
    assertThat(words(at(NOON.minus(Duration.ofHours(25))))).as("a clock that went back").isEmpty();
  }

  @Test
  void brokenFileIsNotUsed() throws IOException {
    assertThat(words(at(NOON))).as("none").isEmpty();
    String valid =
        new JsonObject().put("savedAt", NOON.toString()).put("registrations", List.of()).encode();
    for (String text :
        List.of(
            "",
            "[]",
            "{}",
            valid.replace("[]", "[1]"),
            valid.replace("[]", "[{\"pool\": \"p\"}]"),
            valid.replace("2026", "x"),
            valid.substring(1))) {
      Files.writeString(path, text);
      assertThat(words(at(NOON))).as(text).isEmpty();
    }
  }

  @Test
  void fileThatCannotBeWrittenStopsNothing() {
    RegistrationFile file =
        new RegistrationFile(vertx, folder.resolve("none/state.json"), InstantSource.system());
    onContext(() -> file.keep(WEB, List.of(word(1))));
    file.written().await();
    assertThat(folder).isEmptyDirectory();
  }
}
