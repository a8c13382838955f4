package dev.backline.balancer.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedHeadersTest {
  @ParameterizedTest
  @ValueSource(strings = {"Forwarded", "x-forwarded-for", "X_Forwarded_For", "x-real_ip"})
  void whatTellsOfTheClientIsOursToSay(String name) {
    assertThat(ForwardedHeaders.isOurs(name)).isTrue();
  }

  @Test
  void othersPass() {
    assertThat(ForwardedHeaders.isOurs("X-Forwarded")).isFalse();
    assertThat(ForwardedHeaders.isOurs("User_Agent")).isFalse();
  }

  @Test
  void requestIdIsKeptIfItIsHarmless() {
    assertThat(ForwardedHeaders.isRequestId("aZ09._-")).isTrue();
    assertThat(ForwardedHeaders.isRequestId("x".repeat(64))).isTrue();
    assertThat(ForwardedHeaders.isRequestId("x".repeat(65))).isFalse();
    for (String id : new String[] {"", "a b", "a\n", "<", "\u00e9"}) {
      assertThat(ForwardedHeaders.isRequestId(id)).as(id).isFalse();
    }
  }
}
