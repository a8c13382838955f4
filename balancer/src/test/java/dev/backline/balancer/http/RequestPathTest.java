package dev.backline.balancer.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestPathTest {
  @ParameterizedTest
  @CsvSource({
    "/, /",
    "*, /",
    "/a/b, /a/b",
    "/a/?q=/../x, /a/",
    "/a?, /a",
    "/public/../admin, /admin",
    "/public/%2e%2E/admin, /admin",
    "/public/.%2e/admin?x, /admin",
    "/%61dmin, /admin",
    "/a/./b/., /a/b/",
    "/a/b/.., /a/",
    "/.., /",
    "/../../a, /a",
    "/a/b/../../../c, /c",
    "/a//../b, /a/b",
    "//a, //a",
    "/a%2f..%2Fb, /a%2F..%2Fb",
    "/x%c3%A9, /x%C3%A9",
    "/.well-known/x, /.well-known/x",
    "/a/.../b, /a/.../b",
    "/a/..b/c.., /a/..b/c..",
    "/a%, /a%",
    "/a%2, /a%2",
    "/a%zz%41, /a%zzA",
    "/a%252e%252e/b, /a%252e%252e/b",
  })
  void pathIsAsABackendMayReadIt(String target, String path) {
    assertThat(RequestPath.of(target)).isEqualTo(path);
  }
}
