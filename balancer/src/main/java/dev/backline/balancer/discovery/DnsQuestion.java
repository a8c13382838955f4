package dev.backline.balancer.discovery;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One question to a DNS server (RFC 1035, 4.1). Pure.
 *
 * @param id what its answer must carry: drawn at random, so that nobody guesses it
 * @param name lower-case, absolute, without a dot at its end
 */
record DnsQuestion(int id, String name, Family family) {
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int INTERNET = 1;

  /** Which addresses are asked for. */
  enum Family {
    /** IPv4. */
    A(1, 4),
    /** IPv6. */
    AAAA(28, 16);

    final int type;
    final int bytes;

    Family(int type, int bytes) {
      this.type = type;
      this.bytes = bytes;
    }
  }

  byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(12 + name.length() + 2 + 4);
    bytes.putShort((short) id).putShort((short) RECURSION_DESIRED);
    bytes.putShort((short) 1).putShort((short) 0).putShort((short) 0).putShort((short) 0);
    for (String label : name.split("\\.", -1)) {
      bytes.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
    }
    bytes.put((byte) 0).putShort((short) family.type).putShort((short) INTERNET);
    return bytes.array();
  }
}
