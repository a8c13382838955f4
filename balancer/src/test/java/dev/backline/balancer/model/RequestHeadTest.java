package dev.backline.balancer.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestHeadTest {
  @ParameterizedTest
  @CsvSource({
    "GET, true, true",
    "HEAD, true, true",
    "OPTIONS, true, true",
    "TRACE, true, true",
    "PUT, false, true",
    "DELETE, false, true",
    "POST, false, false",
    "PATCH, false, false",
    "CONNECT, false, false",
    "get, false, false",
    "PROPFIND, false, false",
    "'', false, false",
  })
  void methodsAreSafeAndIdempotentAsRfc9110Says(String method, boolean safe, boolean idempotent) {
    RequestHead head = new RequestHead(method, "a", "/", "192.0.2.1", Headers.NONE);
    assertThat(head.isSafe()).isEqualTo(safe);
    assertThat(head.isIdempotent()).isEqualTo(idempotent);
  }
}
