package dev.backline.balancer.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CauseTest {
  @ParameterizedTest
  @EnumSource(Cause.class)
  void blameIsOnOneSideOnly(Cause cause) {
    boolean local =
        switch (cause) {
          case NO_DESCRIPTORS, NO_LOCAL_ADDRESS, NO_BUFFERS, FORBIDDEN, UNKNOWN_LOCAL -> true;
          case REFUSED,
              UNREACHABLE,
              CONNECT_TIMEOUT,
              UNRESOLVED,
              RESET,
              CLOSED,
              BAD_ANSWER,
              ANSWERS_TLS,
              TIMEOUT ->
              false;
        };
    boolean connect =
        switch (cause) {
          case REFUSED, UNREACHABLE, CONNECT_TIMEOUT, UNRESOLVED -> true;
          default -> false;
        };
    assertThat(cause.isLocal()).isEqualTo(local);
    assertThat(cause.isConnect()).isEqualTo(connect);
    assertThat(cause.words()).isNotBlank().doesNotContain("_");
  }
}
