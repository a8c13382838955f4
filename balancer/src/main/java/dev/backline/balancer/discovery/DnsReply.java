package dev.backline.balancer.discovery;

import dev.backline.balancer.model.IpAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a DNS server replied to one question (RFC 1035, 4.1). Pure.
 *
 * @param code 0: no error
 * @param truncated whether it didn't fit, and must be asked for over TCP
 * @param addresses of the name, or of the name that it is an alias of; none if truncated
 */
record DnsReply(int code, boolean truncated, List<IpAddress> addresses) {
  static final int NO_ERROR = 0;
  static final int SERVER_FAILURE = 2;
  static final int NO_NAME = 3;
  static final int REFUSED = 5;

  private static final int RESPONSE_AND_OPERATION = 0xf800;
  private static final int RESPONSE = 0x8000;
  private static final int TRUNCATED = 0x0200;
  private static final int CODE = 0x000f;
  private static final int INTERNET = 1;
  private static final int CNAME = 5;
  private static final int MAX_NAME_CHARS = 255;
  private static final int MAX_ALIASES = 16;

  private record Resource(String owner, String alias, @Nullable IpAddress address) {}

  DnsReply {
    addresses = List.copyOf(addresses);
  }

  /** Reads a message; null if it is none, or none that answers this question. */
  static @Nullable DnsReply read(byte[] message, DnsQuestion question) {
    try {
      return read(ByteBuffer.wrap(message), question);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return null; // It ends too early, or points to where it doesn't reach.
    }
  }

  private static @Nullable DnsReply read(ByteBuffer message, DnsQuestion question) {
    int id = unsigned(message);
    int flags = unsigned(message);
    int questions = unsigned(message);
    int answers = unsigned(message);
    message.position(message.position() + 4);
    int code = flags & CODE;
    if (id != question.id() || (flags & RESPONSE_AND_OPERATION) != RESPONSE) {
      return null;
    }
    boolean saysNothingOfTheName = code != NO_ERROR && code != NO_NAME;
    if (questions == 0 && saysNothingOfTheName) {
      return new DnsReply(code, false, List.of()); // It may be in no state to repeat it.
    }
    if (questions != 1 || !repeats(message, question)) {
      return null;
    }
    if ((flags & TRUNCATED) != 0) {
      return new DnsReply(code, true, List.of());
    }
    List<Resource> resources = new ArrayList<>();
    for (int i = 0; i < answers; i++) {
      resources.add(resource(message, question.family()));
    }
    return new DnsReply(code, false, addresses(resources, question));
  }

  private static boolean repeats(ByteBuffer message, DnsQuestion question) {
    String name = name(message);
    int type = unsigned(message);
    int net = unsigned(message);
    return name.equals(question.name()) && type == question.family().type && net == INTERNET;
  }

  private static Resource resource(ByteBuffer message, DnsQuestion.Family family) {
    String owner = name(message);
    int type = unsigned(message);
    boolean internet = unsigned(message) == INTERNET;
    message.getInt(); // How long it may be kept: not at all.
    byte[] data = new byte[unsigned(message)];
    int start = message.position();
    message.get(data);
    int end = message.position();
    if (internet && type == CNAME) {
      message.position(start);
      String alias = name(message);
      message.position(end);
      return new Resource(owner, alias, null);
    }
    boolean address = internet && type == family.type && data.length == family.bytes;
    return new Resource(owner, "", address ? IpAddress.of(data) : null);
  }

  /** Follows aliases, which may stand in any order. */
  private static List<IpAddress> addresses(List<Resource> resources, DnsQuestion question) {
    List<IpAddress> addresses = new ArrayList<>();
    String name = question.name();
    for (int i = 0; i < MAX_ALIASES && !name.isEmpty(); i++) {
      String next = "";
      for (Resource resource : resources) {
        if (resource.owner().equals(name)) {
          next = resource.alias().isEmpty() ? next : resource.alias();
          if (resource.address() != null) {
            addresses.add(resource.address());
          }
        }
      }
      name = addresses.isEmpty() ? next : "";
    }
    return addresses;
  }

  /** Reads a name, which may go on at an earlier place. */
  private static String name(ByteBuffer message) {
    StringBuilder name = new StringBuilder();
    int end = -1;
    int before = message.position();
    while (true) {
      int length = message.get() & 0xff;
      if (length == 0) {
        break;
      }
      if (length >= 0xc0) {
        int at = (length & 0x3f) << 8 | (message.get() & 0xff);
        end = end < 0 ? message.position() : end;
        if (at >= before) {
          throw new IllegalArgumentException("at: " + at + " (expected: before " + before + ")");
        }
        before = at;
        message.position(at);
        continue;
      }
      if (length > 63 || name.length() + length > MAX_NAME_CHARS) {
        throw new IllegalArgumentException("length: " + length + " (expected: of a label)");
      }
      byte[] label = new byte[length];
      message.get(label);
      name.append(name.length() == 0 ? "" : ".");
      name.append(new String(label, StandardCharsets.ISO_8859_1));
    }
    if (end >= 0) {
      message.position(end);
    }
    return name.toString().toLowerCase(Locale.ROOT);
  }

  private static int unsigned(ByteBuffer message) {
    return message.getShort() & 0xffff;
  }
}
