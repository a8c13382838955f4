package dev.backline.balancer.admin;

import dev.backline.balancer.config.RegistrationConfig;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.IpAddress;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a backend says when it registers. Pure.
 *
 * @param ip of the address: the caller's own, if it named none
 * @param secret what its incarnation was told; {@code null}: nothing came
 */
record RegistrationBody(
    BackendId address,
    IpAddress ip,
    int weight,
    long incarnation,
    long sequence,
    long leaseMillis,
    @Nullable String secret) {
  /** What every language can hold in its numbers (RFC 8259, 6). */
  static final long MAX_NUMBER = (1L << 53) - 1;

  private static final List<String> FIELDS =
      List.of("address", "weight", "incarnation", "sequence", "leaseMillis", "secret");
  private static final String EXAMPLE =
      "{\"address\": \"10.0.0.5:3000\", \"incarnation\": 1, \"sequence\": 1}";

  /** It can't be taken; the message says why. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed(String message) {
      super(message);
    }
  }

  /**
   * Reads it.
   *
   * @param caller where the request came from
   * @param rules of the pool
   */
  static RegistrationBody read(String text, IpAddress caller, RegistrationConfig rules)
      throws Malformed {
    JsonObject json = object(text);
    for (String field : json.fieldNames()) {
      if (!FIELDS.contains(field)) {
        String expected = String.join(", ", FIELDS);
        throw new Malformed(field + ": unknown (expected: one of " + expected + ")");
      }
    }
    BackendId address = address(string(json, "address", ""), caller);
    IpAddress ip = IpAddress.parse(address.host());
    if (ip == null) {
      throw new Malformed(wrongAddress(address.toString()));
    }
    long longest = rules.lease().toMillis();
    long shortest = Math.min(longest, RegistrationConfig.MIN_LEASE.toMillis());
    String secret = json.containsKey("secret") ? string(json, "secret", "") : null;
    return new RegistrationBody(
        address,
        ip,
        (int) number(json, "weight", 1L, 1, Backend.MAX_WEIGHT),
        number(json, "incarnation", null, 1, MAX_NUMBER),
        number(json, "sequence", null, 1, MAX_NUMBER),
        number(json, "leaseMillis", longest, shortest, longest),
        secret);
  }

  private static JsonObject object(String text) throws Malformed {
    try {
      return new JsonObject(text);
    } catch (DecodeException e) {
      throw new Malformed("body: not an object of JSON (expected: like " + EXAMPLE + ")");
    }
  }

  private static String string(JsonObject json, String field, String fallback) throws Malformed {
    Object value = json.getValue(field, fallback);
    if (value instanceof String text) {
      return text;
    }
    throw new Malformed(field + ": " + value + " (expected: text)");
  }

  private static BackendId address(String text, IpAddress caller) throws Malformed {
    String host = caller.isV4() ? caller.toString() : "[" + caller + "]";
    try {
      return BackendId.parse(text.startsWith(":") ? host + text : text);
    } catch (IllegalArgumentException e) {
      throw new Malformed(wrongAddress(text));
    }
  }

  private static String wrongAddress(String address) {
    return "address: "
        + (address.isEmpty() ? "missing" : address)
        + " (expected: an IP address and a port, like 10.0.0.5:3000, or :3000 for the caller's own)";
  }

  private static long number(
      JsonObject json, String field, @Nullable Long fallback, long min, long max) throws Malformed {
    Object value = json.getValue(field, fallback);
    if ((value instanceof Integer || value instanceof Long)
        && ((Number) value).longValue() >= min
        && ((Number) value).longValue() <= max) {
      return ((Number) value).longValue();
    }
    String shown = value == null ? "missing" : value.toString();
    throw new Malformed(
        field + ": " + shown + " (expected: a whole number from " + min + " to " + max + ")");
  }
}
