package dev.backline.balancer.discovery;

import dev.backline.balancer.model.IpAddress;
import java.util.List;

/** What was found out about a name. */
sealed interface Finding {

  /**
   * It is there.
   *
   * @param addresses maybe none
   */
  record Found(List<IpAddress> addresses) implements Finding {
    /** Copies the list. */
    public Found {
      addresses = List.copyOf(addresses);
    }
  }

  /** It doesn't exist. */
  record NoName() implements Finding {}

  /** Nobody knows. */
  record Unknown(String words) implements Finding {}

  /** Returns what a server's reply says; {@code server} is who it is, in words. */
  static Finding of(DnsReply reply, String server) {
    return switch (reply.code()) {
      case DnsReply.NO_ERROR -> new Found(reply.addresses());
      case DnsReply.NO_NAME -> new NoName();
      case DnsReply.SERVER_FAILURE -> new Unknown(server + " failed (SERVFAIL)");
      case DnsReply.REFUSED -> new Unknown(server + " refuses to answer (REFUSED)");
      default -> new Unknown(server + " answered with the error " + reply.code());
    };
  }
}
