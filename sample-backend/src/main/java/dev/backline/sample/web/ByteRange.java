package dev.backline.sample.web;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One range of bytes, as RFC 9110 section 14.1.2 writes it.
 *
 * @param first its first byte; {@link #SUFFIX}: the last {@code last} bytes are meant
 * @param last its last byte, included; {@code Long.MAX_VALUE}: up to the end
 */
record ByteRange(long first, long last) {
  static final long SUFFIX = -1;

  /** Positions with more digits than these are beyond the end of anything. */
  private static final int MOST_DIGITS = 18;

  private static final Pattern SINGLE = Pattern.compile("bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*");

  /** Null if there is none, if it isn't one we understand, or if there are several. */
  static @Nullable ByteRange parse(List<String> fields) {
    if (fields.size() != 1) {
      return null;
    }
    Matcher range = SINGLE.matcher(fields.get(0).toLowerCase(Locale.ROOT));
    if (!range.matches()) {
      return null;
    }
    String first = range.group(1);
    String last = range.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? null : new ByteRange(SUFFIX, number(last));
    }
    long from = number(first);
    long to = last.isEmpty() ? Long.MAX_VALUE : number(last);
    return from <= to ? new ByteRange(from, to) : null;
  }

  /** The bytes of it that a body of this length has; null if there are none. */
  @Nullable ByteRange within(long length) {
    if (first == SUFFIX) {
      return last == 0 || length == 0
          ? null
          : new ByteRange(Math.max(0, length - last), length - 1);
    }
    return first >= length ? null : new ByteRange(first, Math.min(last, length - 1));
  }

  private static long number(String digits) {
    return digits.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
  }
}
