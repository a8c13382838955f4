package dev.backline.balancer.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An IP address, read without asking any resolver. An IPv4 address that is mapped into IPv6 is that
 * IPv4 address: both name one machine.
 *
 * @param groups 4 numbers of 8 bits, or 8 of 16
 */
public record IpAddress(List<Integer> groups) implements Comparable<IpAddress> {
  private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final Pattern GROUP = Pattern.compile("[0-9A-Fa-f]{1,4}");
  private static final List<Integer> MAPPED = List.of(0, 0, 0, 0, 0, 0xffff);

  /** Checks the number of groups. */
  public IpAddress {
    groups = List.copyOf(groups);
    if (groups.size() != 4 && groups.size() != 8) {
      throw new IllegalArgumentException("groups: " + groups.size() + " (expected: 4 or 8)");
    }
  }

  /** Returns the address that the text is; null if it is none. IPv6 stands without brackets. */
  public static @Nullable IpAddress parse(String text) {
    List<Integer> groups = text.indexOf(':') < 0 ? octets(text) : groups(text);
    return groups == null ? null : of(groups);
  }

  /** Returns the address that a host is: an address, or localhost; null if it is another name. */
  public static @Nullable IpAddress ofHost(String host) {
    return parse(host.equals("localhost") ? "127.0.0.1" : host);
  }

  /** Returns the address of 4 or 16 bytes in network order. */
  public static IpAddress of(byte[] bytes) {
    List<Integer> groups = new ArrayList<>();
    if (bytes.length == 4) {
      for (byte octet : bytes) {
        groups.add(octet & 0xff);
      }
    } else {
      for (int i = 0; i + 1 < bytes.length; i += 2) {
        groups.add((bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff));
      }
    }
    return of(groups);
  }

  private static IpAddress of(List<Integer> groups) {
    if (groups.size() == 8 && groups.subList(0, 6).equals(MAPPED)) {
      int high = groups.get(6);
      int low = groups.get(7);
      return new IpAddress(List.of(high >> 8, high & 0xff, low >> 8, low & 0xff));
    }
    return new IpAddress(groups);
  }

  private static @Nullable List<Integer> octets(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4 || !Arrays.stream(parts).allMatch(p -> OCTET.matcher(p).matches())) {
      return null;
    }
    List<Integer> octets = Arrays.stream(parts).map(Integer::parseInt).toList();
    return octets.stream().allMatch(octet -> octet < 256) ? octets : null;
  }

  private static @Nullable List<Integer> groups(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      List<Integer> all = part(text, true);
      return all != null && all.size() == 8 ? all : null;
    }
    List<Integer> before = part(text.substring(0, gap), false);
    List<Integer> after = part(text.substring(gap + 2), true);
    if (before == null || after == null || before.size() + after.size() > 7) {
      return null;
    }
    List<Integer> all = new ArrayList<>(before);
    while (all.size() + after.size() < 8) {
      all.add(0);
    }
    all.addAll(after);
    return all;
  }

  private static @Nullable List<Integer> part(String text, boolean mayEndInOctets) {
    List<Integer> groups = new ArrayList<>();
    String[] parts = text.isEmpty() ? new String[0] : text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      List<Integer> octets = octets(parts[i]);
      if (octets != null && mayEndInOctets && i == parts.length - 1) {
        groups.add(octets.get(0) << 8 | octets.get(1));
        groups.add(octets.get(2) << 8 | octets.get(3));
      } else if (GROUP.matcher(parts[i]).matches()) {
        groups.add(Integer.parseInt(parts[i], 16));
      } else {
        return null;
      }
    }
    return groups;
  }

  /** Returns whether it is an IPv4 address. */
  public boolean isV4() {
    return groups.size() == 4;
  }

  /** Returns whether it names no machine: {@code 0.0.0.0} or {@code ::}. */
  public boolean isUnspecified() {
    return groups.stream().allMatch(group -> group == 0);
  }

  /** Returns whether it is this machine, for itself. */
  public boolean isLoopback() {
    return isV4() ? groups.get(0) == 127 : groups.equals(List.of(0, 0, 0, 0, 0, 0, 0, 1));
  }

  /** Returns whether it means something on one link only; clouds keep their secrets there. */
  public boolean isLinkLocal() {
    return isV4()
        ? groups.get(0) == 169 && groups.get(1) == 254
        : (groups.get(0) & 0xffc0) == 0xfe80;
  }

  /** Returns whether it names many machines: multicast, or the broadcast address. */
  public boolean isMulticast() {
    return isV4()
        ? (groups.get(0) >= 224 && groups.get(0) < 240) || groups.stream().allMatch(g -> g == 255)
        : groups.get(0) >= 0xff00;
  }

  /** IPv4 before IPv6, then by number. */
  @Override
  public int compareTo(IpAddress other) {
    int order = Integer.compare(groups.size(), other.groups.size());
    for (int i = 0; order == 0 && i < groups.size(); i++) {
      order = Integer.compare(groups.get(i), other.groups.get(i));
    }
    return order;
  }

  /** Returns the one canonical form (RFC 5952), IPv6 without brackets. */
  @Override
  public String toString() {
    if (isV4()) {
      return groups.stream().map(String::valueOf).collect(Collectors.joining("."));
    }
    int start = 0;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups.get(end) == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
    }
    return length == 1 ? hex(0, 8) : hex(0, start) + "::" + hex(start + length, 8);
  }

  private String hex(int from, int to) {
    return groups.subList(from, to).stream()
        .map(Integer::toHexString)
        .collect(Collectors.joining(":"));
  }
}
