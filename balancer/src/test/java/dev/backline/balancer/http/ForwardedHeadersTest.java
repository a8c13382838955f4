package dev.backline.balancer.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedHeadersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded",
        "x-forwarded-for",
        "X_Forwarded_For",
        "x-real_ip",
        "X.Forwarded.For",
        "X-Forwarded-Scheme",
        "X-Forwarded-By",
        "X-Client-IP",
        "True-Client-IP",
        "X-Cluster-Client-IP",
        "X-Original-URL",
        "X-Rewrite-URL",
        "Content_Length",
        "Transfer_Encoding",
        "transfer.encoding"
      })
  void whatTellsOfTheClientIsOursToSay(String name) {
    assertThat(ForwardedHeaders.isOurs(name)).isTrue();
  }

  @Test
  void othersPass() {
    assertThat(ForwardedHeaders.isOurs("X-Forwarded")).isFalse();
    assertThat(ForwardedHeaders.isOurs("User_Agent")).isFalse();
    assertThat(ForwardedHeaders.isOurs("Content-Length")).isFalse();
  }

  @Test
  void ringIsSeenByWhatCameThroughIt() {
    List<String> seven = Collections.nCopies(7, ForwardedHeaders.VIA);
    assertThat(ForwardedHeaders.isLoop(seven)).isFalse();
    assertThat(ForwardedHeaders.isLoop(List.of(String.join(", ", seven), "1.1 other"))).isFalse();
    assertThat(ForwardedHeaders.isLoop(List.of(String.join(", ", seven), "1.1 backline"))).isTrue();
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
