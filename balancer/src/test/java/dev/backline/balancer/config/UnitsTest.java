package dev.backline.balancer.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
  private static final ScalarType<Duration> TIME =
      Units.duration(Duration.ofMillis(2), Duration.ofHours(2));
  private static final ScalarType<Duration> ANY_TIME =
      Units.duration(Duration.ZERO, Duration.ofMillis(Long.MAX_VALUE));
  private static final ScalarType<Integer> SIZE = Units.size(0, Integer.MAX_VALUE);
  private static final ScalarType<Integer> NUMBER = Numbers.from(0, Integer.MAX_VALUE);

  @ParameterizedTest
  @CsvSource({
    "2ms, 2, 2ms",
    "500ms, 500, 500ms",
    "1000ms, 1000, 1s",
    "75s, 75000, 75s",
    "60s, 60000, 1m",
    "5m, 300000, 5m",
    "90m, 5400000, 90m",
    "2h, 7200000, 2h"
  })
  void durationsAreReadAndWrittenInTheirLargestWholeUnit(String text, long millis, String written) {
    assertThat(TIME.reader().apply(text)).isEqualTo(new Reading.Right<>(Duration.ofMillis(millis)));
    assertThat(TIME.writer().apply(Duration.ofMillis(millis))).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ms",
        "s",
        "1",
        "1.5s",
        "1 s",
        " 1s",
        "+1s",
        "-1s",
        "1S",
        "1sec",
        "1d",
        "1us",
        "1s1ms",
        "1e3ms",
        "1_000ms",
        "01s",
        "1:30",
        "0s",
        "1ms",
        "7201s",
        "3h",
        "１s",
        "999999999h",
        "9999999999h",
        "18446744073709551617ms",
        "153722867280912931m"
      })
  void whatIsNoDurationOrOutOfBoundsIsRefused(String text) {
    assertThat(TIME.reader().apply(text)).isInstanceOf(Reading.Wrong.class);
  }

  @ParameterizedTest
  @CsvSource({"0s, PT0S", "999999999ms, PT277H46M39.999S", "999999999h, PT999999999H"})
  void nothingOverflowsBelowTheBoundOfDigits(String text, Duration expected) {
    assertThat(ANY_TIME.reader().apply(text)).isEqualTo(new Reading.Right<>(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "500, a unit",
    "0, a unit",
    "00, without leading zeros",
    "05s, without leading zeros"
  })
  void theMessageSaysWhatIsMissing(String text, String part) {
    assertThat(TIME.reader().apply(text))
        .isInstanceOfSatisfying(
            Reading.Wrong.class, wrong -> assertThat(wrong.expected()).contains(part));
  }

  @ParameterizedTest
  @CsvSource({
    "0B, 0, 0B",
    "1B, 1, 1B",
    "1023B, 1023, 1023B",
    "1024B, 1024, 1KiB",
    "64KiB, 65536, 64KiB",
    "16MiB, 16777216, 16MiB",
    "1536KiB, 1572864, 1536KiB",
    "1GiB, 1073741824, 1GiB",
    "2097151KiB, 2147482624, 2097151KiB"
  })
  void sizesAreReadAndWrittenInTheirLargestWholeUnit(String text, int bytes, String written) {
    assertThat(SIZE.reader().apply(text)).isEqualTo(new Reading.Right<>(bytes));
    assertThat(SIZE.writer().apply(bytes)).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "B",
        "1",
        "1K",
        "1k",
        "1KB",
        "1kib",
        "1Ki",
        "1TiB",
        "-1B",
        "1.5KiB",
        "1 KiB",
        "2GiB",
        "2097152KiB",
        "4GiB",
        "999999999GiB",
        "99999999999999999999B",
        "010KiB"
      })
  void whatIsNoSizeOrOutOfBoundsIsRefused(String text) {
    assertThat(SIZE.reader().apply(text)).isInstanceOf(Reading.Wrong.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "7, 7", "2147483647, 2147483647"})
  void wholeNumbersAreRead(String text, int value) {
    assertThat(NUMBER.reader().apply(text)).isEqualTo(new Reading.Right<>(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "-0",
        "00",
        "01",
        "-01",
        "+1",
        "1.0",
        "1e3",
        "0x1",
        "0o7",
        "1_000",
        "1,000",
        "٣",
        "2147483648",
        "4294967297",
        "9223372036854775808",
        "18446744073709551617",
        "one",
        "1 "
      })
  void whatIsNoWholeNumberOrOutOfBoundsIsRefused(String text) {
    assertThat(NUMBER.reader().apply(text)).isInstanceOf(Reading.Wrong.class);
  }
}
