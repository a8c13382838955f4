package dev.backline.balancer.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** If one of these values changes, every client of every pool that hashes changes its backend. */
final class HashingTest {
  @ParameterizedTest
  @CsvSource({
    "'', f52a15e9a9b5e89b",
    "a, 2c0bdbf481420f8",
    "192.0.2.1, 4d0e1bc6845259f5",
    "ä€\uD83C\uDFB5, b832cb1542b73578"
  })
  void keysHashToTheSameInEveryJvm(String key, String hex) {
    assertThat(Long.toHexString(Hashing.of(key))).isEqualTo(hex);
  }

  @ParameterizedTest
  @CsvSource({
    "a, 127.0.0.11, 3000, 1, 0x1.62663d5de4bcfp-1",
    "a, 127.0.0.12, 3000, 1, 0x1.acbbafa457253p-1",
    "a, 127.0.0.11, 3001, 1, 0x1.7995cdd16fa73p-1",
    "a, 127.0.0.11, 3000, 1000, 0x1.5a17d7edb1608p9",
    "'', ::1, 1, 7, 0x1.be5680cfba07cp1",
  })
  void scoresAreTheSameInEveryJvm(String key, String host, int port, int weight, String score) {
    double actual = Hashing.rendezvous(Hashing.of(key), new BackendId(host, port), weight);
    assertThat(Double.toHexString(actual)).isEqualTo(score);
  }

  @Test
  void scoresAreFiniteAndPositive() {
    for (int i = 0; i < 200_000; i++) {
      double score = Hashing.rendezvous(i, new BackendId("a", 1 + i % 65_535), 1_000);
      assertThat(score).isPositive().isFinite();
    }
  }
}
