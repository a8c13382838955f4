package dev.backline.testbed.docker;

import java.util.ArrayList;
import java.util.List;

/**
 * Which node had which address when. In a network of containers an address is the node's only for
 * one life: another container may have it next, and the same container another one.
 *
 * <p>Safe for use by several threads.
 */
final class Residents {
  private record Stay(String node, String host, long fromMicros) {}

  private final List<Stay> stays = new ArrayList<>();

  synchronized void movedIn(String node, String host, long atMicros) {
    stays.add(new Stay(node, host, atMicros));
  }

  /** Returns the node that had the host at that time, or the host itself if none did. */
  synchronized String nodeAt(String host, long atMicros) {
    String node = host;
    for (Stay stay : stays) {
      if (stay.host().equals(host) && stay.fromMicros() <= atMicros) {
        node = stay.node();
      }
    }
    return node;
  }
}
