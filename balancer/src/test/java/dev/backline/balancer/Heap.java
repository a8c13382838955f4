package dev.backline.balancer;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/** What is reachable in this JVM. */
final class Heap {
  private Heap() {}

  /**
   * Returns how many connections the listeners of all members know; all garbage is collected
   * before.
   */
  static long clientConnections() {
    return instancesOf("dev.backline.balancer.proxy.ClientConnections$State");
  }

  private static long instancesOf(String className) {
    return histogram()
        .lines()
        .map(line -> line.strip().split("\\s+")) // "  12:  345  6789  the.ClassName (module)"
        .filter(columns -> columns.length >= 4 && columns[3].equals(className))
        .mapToLong(columns -> Long.parseLong(columns[1]))
        .sum();
  }

  private static String histogram() {
    try {
      return (String)
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[0]},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new AssertionError(e);
    }
  }
}
