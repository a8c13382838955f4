package dev.backline.balancer.discovery;

import dev.backline.balancer.config.DnsConfig.Server;
import dev.backline.balancer.model.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** The servers of {@code /etc/resolv.conf}. Pure. */
record ResolvConf(List<Server> servers) {
  /** As many as the C library asks. */
  private static final int MAX_SERVERS = 3;

  ResolvConf {
    servers = List.copyOf(servers);
  }

  static ResolvConf parse(String text, int port) {
    List<Server> servers = new ArrayList<>();
    for (String line : text.split("\r\n|\r|\n", -1)) {
      String[] words = line.replaceFirst("[#;].*", "").strip().split("\\s+", -1);
      IpAddress address =
          words.length > 1 && words[0].equals("nameserver") ? IpAddress.parse(words[1]) : null;
      if (address != null && servers.size() < MAX_SERVERS) {
        servers.add(new Server(address, port));
      }
    }
    return new ResolvConf(servers);
  }
}
