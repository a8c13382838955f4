package dev.backline.sample.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.sample.web.Checked;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultTest {
  @Test
  void eachKindOfFaultCanBePut() {
    List<Checked<Fault>> made =
        List.of(
            DelayFault.from(new JsonObject(), new SplittableRandom(1)),
            HangFault.from(new JsonObject()),
            CrashFault.from(new JsonObject(), code -> {}),
            CloseFault.from(new JsonObject()),
            ResetFault.from(new JsonObject()),
            StatusFault.from(new JsonObject()),
            HealthFault.from(new JsonObject()),
            KeepAliveFault.from(new JsonObject()),
            TrickleFault.from(new JsonObject()),
            TruncateFault.from(new JsonObject()),
            FramingFault.from(new JsonObject()));
    List<Class<?>> kinds =
        made.stream()
            .<Class<?>>map(fault -> fault.fold(Object::getClass, String::getClass))
            .toList();
    assertThat(kinds).containsExactlyElementsOf(List.of(Fault.class.getPermittedSubclasses()));
  }

  @ParameterizedTest
  @CsvSource({
    "/,       false, /api/v1/music,   true",
    "/,       false, /health,         false",
    "/,       true,  /health,         true",
    "/,       true,  /testbed/ledger, false",
    "/api/,   false, /api/v1/music,   true",
    "/api/,   true,  /health,         false",
    "/health, true,  /health,         true",
  })
  void scopeCovers(String path, boolean health, String requested, boolean covered) {
    assertThat(new Scope(path, 100, health).covers(requested)).isEqualTo(covered);
  }
}
