package dev.backline.balancer.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes: a whole number with its unit. */
final class Units {
  private static final Pattern FORM = Pattern.compile("([0-9]+)([A-Za-z]*)");

  /** As many digits as surely fit a long, with a factor of up to 2^30. */
  private static final int MAX_DIGITS = 9;

  /** Milliseconds, the smallest unit first. */
  private static final Map<String, Long> TIMES = new LinkedHashMap<>();

  /** Bytes, the smallest unit first. */
  private static final Map<String, Long> SIZES = new LinkedHashMap<>();

  static {
    TIMES.put("ms", 1L);
    TIMES.put("s", 1_000L);
    TIMES.put("m", 60_000L);
    TIMES.put("h", 3_600_000L);
    SIZES.put("B", 1L);
    SIZES.put("KiB", 1L << 10);
    SIZES.put("MiB", 1L << 20);
    SIZES.put("GiB", 1L << 30);
  }

  private Units() {}

  static ScalarType<Duration> duration(Duration min, Duration max) {
    String bounds = write(min) + " to " + write(max);
    Scale scale =
        new Scale(
            TIMES,
            min.toMillis(),
            max.toMillis(),
            "a duration from " + bounds + ", like 500ms, 2s or 5m",
            "a unit, as in %1$sms or %1$ss: a duration from " + bounds);
    return new ScalarType<>(
        "duration, " + bounds,
        scale.expected,
        text -> scale.read(text, Duration::ofMillis),
        Units::write);
  }

  static ScalarType<Integer> size(int min, int max) {
    String bounds = write(min) + " to " + write(max);
    Scale scale =
        new Scale(
            SIZES,
            min,
            max,
            "a size from " + bounds + ", like 64KiB or 1MiB",
            "a unit, as in %1$sB or %1$sKiB: a size from " + bounds);
    return new ScalarType<>(
        "size, " + bounds,
        scale.expected,
        text -> scale.read(text, bytes -> (int) bytes),
        Units::write);
  }

  /** Returns a duration in the largest unit that holds it as a whole. */
  static String write(Duration duration) {
    return write(duration.toMillis(), TIMES, "s");
  }

  /** Returns a number of bytes in the largest unit that holds it as a whole. */
  static String write(int bytes) {
    return write(bytes, SIZES, "B");
  }

  private static String write(long value, Map<String, Long> units, String unitOfZero) {
    String written = "0" + unitOfZero;
    for (Map.Entry<String, Long> unit : units.entrySet()) {
      if (value != 0 && value % unit.getValue() == 0) {
        written = value / unit.getValue() + unit.getKey();
      }
    }
    return written;
  }

  private record Scale(
      Map<String, Long> units, long min, long max, String expected, String expectedUnit) {

    <T> Reading<T> read(String text, LongFunction<T> make) {
      Matcher form = FORM.matcher(text);
      if (!form.matches()) {
        return new Reading.Wrong<>(expected);
      }
      String digits = form.group(1);
      if (Numbers.hasLeadingZero(digits)) {
        return new Reading.Wrong<>(expected + ", without leading zeros");
      }
      if (form.group(2).isEmpty()) {
        return new Reading.Wrong<>(String.format(expectedUnit, Shown.value(digits)));
      }
      Long unit = units.get(form.group(2));
      if (unit == null || digits.length() > MAX_DIGITS) {
        return new Reading.Wrong<>(expected);
      }
      long value = Long.parseLong(digits) * unit;
      return value < min || value > max
          ? new Reading.Wrong<>(expected)
          : new Reading.Right<>(make.apply(value));
    }
  }
}
