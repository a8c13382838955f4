package dev.backline.balancer.discovery;

import dev.backline.balancer.discovery.Finding.Found;
import dev.backline.balancer.discovery.Finding.NoName;
import dev.backline.balancer.discovery.Finding.Unknown;
import dev.backline.balancer.model.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What the two questions of a look-up say together. Pure; owned by one watch.
 *
 * <p>Some servers never answer for IPv6. So while one family fails and the other has addresses, the
 * one that fails keeps those that it had: a half answer neither stops a pool nor takes from it.
 */
final class Families {
  private List<IpAddress> v4 = List.of();
  private List<IpAddress> v6 = List.of();

  Finding join(Finding a, Finding aaaa) {
    v4 = after(v4, a);
    v6 = after(v6, aaaa);
    if (hasAddresses(a) || hasAddresses(aaaa)) {
      List<IpAddress> both = new ArrayList<>(v4);
      both.addAll(v6);
      return new Found(both);
    }
    if (a instanceof NoName || aaaa instanceof NoName) {
      return new NoName(); // It is the name that doesn't exist, whatever was asked of it.
    }
    if (a instanceof Unknown) {
      return a;
    }
    return aaaa;
  }

  private static List<IpAddress> after(List<IpAddress> before, Finding finding) {
    if (finding instanceof Found found) {
      return found.addresses();
    } else if (finding instanceof NoName) {
      return List.of();
    } else if (finding instanceof Unknown) {
      return before;
    }
    throw new AssertionError(finding);
  }

  private static boolean hasAddresses(Finding finding) {
    return finding instanceof Found found && !found.addresses().isEmpty();
  }
}
