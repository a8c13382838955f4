package dev.backline.balancer.model;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that begin alike, in CIDR notation (RFC 4632): {@code 10.0.0.0/8}.
 *
 * @param first the lowest of them
 * @param prefix how many leading bits they have in common
 */
public record AddressRange(IpAddress first, int prefix) {
  private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");

  /** Checks that the prefix fits, and that no bit is set behind it. */
  public AddressRange {
    int bits = first.isV4() ? 32 : 128;
    if (prefix < 0 || prefix > bits) {
      throw new IllegalArgumentException("prefix: " + prefix + " (expected: 0 to " + bits + ")");
    }
    if (!hasNoBitBehind(first, prefix)) {
      throw new IllegalArgumentException(
          "first: " + first + " (expected: no bit set behind the first " + prefix + ")");
    }
  }

  /** Returns the range that the text is; {@code null} if it is none. */
  public static @Nullable AddressRange parse(String text) {
    int slash = text.indexOf('/');
    IpAddress first = slash < 0 ? null : IpAddress.parse(text.substring(0, slash));
    String prefix = text.substring(slash + 1);
    if (first == null || !PREFIX.matcher(prefix).matches()) {
      return null;
    }
    int bits = Integer.parseInt(prefix);
    return bits <= (first.isV4() ? 32 : 128) && hasNoBitBehind(first, bits)
        ? new AddressRange(first, bits)
        : null;
  }

  /** Returns whether the address is one of them. */
  public boolean contains(IpAddress address) {
    return address.isV4() == first.isV4() && masked(address, prefix).equals(first.groups());
  }

  private static boolean hasNoBitBehind(IpAddress address, int prefix) {
    return masked(address, prefix).equals(address.groups());
  }

  private static List<Integer> masked(IpAddress address, int prefix) {
    int width = address.isV4() ? 8 : 16;
    List<Integer> groups = address.groups();
    return IntStream.range(0, groups.size())
        .mapToObj(
            i -> {
              int kept = Math.max(0, Math.min(width, prefix - i * width));
              return groups.get(i) & (((1 << kept) - 1) << (width - kept));
            })
        .toList();
  }

  @Override
  public String toString() {
    return first + "/" + prefix;
  }
}
