package dev.backline.balancer.discovery;

import dev.backline.balancer.model.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The names of {@code /etc/hosts}. Pure. */
record HostsFile(Map<String, List<IpAddress>> names) {
  static HostsFile parse(String text) {
    Map<String, List<IpAddress>> names = new LinkedHashMap<>();
    for (String line : text.split("\r\n|\r|\n", -1)) {
      String[] words = line.replaceFirst("#.*", "").strip().split("\\s+", -1);
      IpAddress address = IpAddress.parse(words[0]);
      for (int i = 1; address != null && i < words.length; i++) {
        names
            .computeIfAbsent(words[i].toLowerCase(Locale.ROOT), name -> new ArrayList<>())
            .add(address);
      }
    }
    return new HostsFile(names);
  }

  /** Returns the addresses of a name; none if it doesn't stand there. */
  List<IpAddress> of(String name) {
    return names.getOrDefault(name, List.of());
  }
}
