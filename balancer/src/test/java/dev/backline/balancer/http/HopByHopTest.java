package dev.backline.balancer.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HopByHopTest {
  @ParameterizedTest
  @ValueSource(strings = {"Connection", "Keep-Alive", "TE", "transfer-encoding", "Upgrade"})
  void alwaysEndsHere(String name) {
    assertThat(HopByHop.of(List.of()).contains(name)).isTrue();
  }

  @Test
  void whatConnectionNamesEndsHereInAnyCase() {
    HopByHop hopByHop = HopByHop.of(List.of("Close, X-One ,,", "x-TWO"));
    assertThat(hopByHop.isLast()).isTrue();
    assertThat(HopByHop.of(List.of("keep-alive", "x-close")).isLast()).isFalse();
    assertThat(hopByHop.contains("x-one")).isTrue();
    assertThat(hopByHop.contains("X-Two")).isTrue();
    assertThat(hopByHop.contains("X-Three")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host", "Content-Length", "Cookie", "X-Forwarded-For", "Authorization"})
  void whatTrustOrFramingDependOnCannotBeNamedAway(String name) {
    assertThat(HopByHop.of(List.of(name)).contains(name)).isFalse();
  }

  @Test
  void trailersAreWhatNothingDependsOnBefore() {
    assertThat(HopByHop.isTrailer("Server-Timing")).isTrue();
    assertThat(HopByHop.isTrailer("Grpc-Status")).isTrue();
    for (String name : List.of("Content-Length", "Set-Cookie", "Trailer", "Location", "Host")) {
      assertThat(HopByHop.isTrailer(name)).as(name).isFalse();
    }
  }
}
