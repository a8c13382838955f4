package dev.backline.balancer.sim;

import dev.backline.balancer.cluster.SharedRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Hazelcast as far as members rely on it, and with all that they must not rely on: topics that
 * delay, reorder, double and lose; a map whose values go their own ways in a split and come back
 * old when it heals, without a word; and standstills.
 */
final class SimulatedCluster {
  private static final int FAR_MILLIS = 300;

  /** The side of a split that a member is on: what it reads and writes. */
  private static final class Side {
    final Map<String, SharedRecord> map = new LinkedHashMap<>();
  }

  private final World world;
  private final Dice dice;
  private final Map<SimulatedPeers, Side> sides = new LinkedHashMap<>();
  private final List<Runnable> held = new ArrayList<>();
  private int stalled;
  private int lossy;

  SimulatedCluster(World world, Dice dice) {
    this.world = world;
    this.dice = dice;
  }

  void join(SimulatedPeers joining) {
    // Who joins in a split joins a side.
    List<Side> there = new ArrayList<>(new LinkedHashSet<>(sides.values()));
    sides.put(joining, there.isEmpty() ? new Side() : dice.pick(there));
    others(joining).forEach(SimulatedPeers::read);
  }

  /** Its connections end: the others know it at once, or after a while. */
  void die(SimulatedPeers dead) {
    Set<SimulatedPeers> others = new LinkedHashSet<>(others(dead));
    sides.remove(dead);
    long delayNanos = dice.between(1L, dice.percent(50) ? 10L : 3_000L) * Agenda.MILLI;
    world.agenda.after(
        delayNanos,
        () -> {
          boolean hasComeBack =
              sides.keySet().stream()
                  .anyMatch(there -> there.member().name().equals(dead.member().name()));
          if (!hasComeBack) {
            others.forEach(other -> other.onGone(dead));
          }
        });
  }

  /** Messages are late, double or lost, from now on or no longer. */
  void lose(boolean loses) {
    lossy += loses ? 1 : -1;
  }

  /** All of it stands still, or goes on with what has come up meanwhile. */
  void stall(boolean stalls) {
    stalled += stalls ? 1 : -1;
    if (stalled == 0) {
      List<Runnable> now = List.copyOf(held);
      held.clear();
      now.forEach(Runnable::run);
    }
  }

  /** Parts the first so many from the others; each side goes on with what is there. */
  void split(int first) {
    List<SimulatedPeers> all = List.copyOf(sides.keySet());
    if (first <= 0 || first >= all.size() || new LinkedHashSet<>(sides.values()).size() > 1) {
      return;
    }
    Side one = side(all.get(0));
    Side other = new Side();
    other.map.putAll(one.map);
    all.subList(first, all.size()).forEach(peers -> sides.put(peers, other));
  }

  /** All are one again: of each value either side's stays, or none. */
  void merge() {
    Set<Side> parted = new LinkedHashSet<>(sides.values());
    if (parted.size() < 2) {
      return;
    }
    Side merged = new Side();
    Set<String> keys = new LinkedHashSet<>();
    parted.forEach(side -> keys.addAll(side.map.keySet()));
    for (String key : keys) {
      SharedRecord value = dice.pick(new ArrayList<>(parted)).map.get(key);
      if (value != null) {
        merged.map.put(key, value);
      }
    }
    for (SimulatedPeers peers : List.copyOf(sides.keySet())) {
      sides.put(peers, merged);
      long delayNanos = dice.between(0L, 500L) * Agenda.MILLI;
      world.agenda.after(delayNanos, peers::read);
    }
  }

  /** By the topic: to all who are reached, each at its time. */
  void publish(SimulatedPeers from, SharedRecord record, boolean isBeat) {
    for (SimulatedPeers to : others(from)) {
      if (side(to) != side(from) || (lossy > 0 && dice.percent(30))) {
        continue;
      }
      int times = lossy > 0 && dice.percent(20) ? 2 : 1;
      for (int i = 0; i < times; i++) {
        carry(() -> to.onHint(record, isBeat));
      }
    }
  }

  /** Into the map; those who listen there hear it too. */
  void store(SimulatedPeers from, SharedRecord record) {
    carry(
        () -> {
          if (from.member().isDead()) {
            return;
          }
          Side side = side(from);
          side.map.put(record.kind() + '\n' + record.mapKey(), record);
          for (SimulatedPeers to : others(from)) {
            if (side(to) == side) {
              carry(() -> to.onStored(record));
            }
          }
        });
  }

  /** Reads all of the maps, as they are in the middle of the reading. */
  void read(SimulatedPeers reader, Consumer<List<SharedRecord>> then) {
    carry(
        () -> {
          if (!reader.member().isDead()) {
            List<SharedRecord> there = List.copyOf(side(reader).map.values());
            carry(() -> then.accept(there));
          }
        });
  }

  private void carry(Runnable arrives) {
    long micros = lossy > 0 ? dice.between(100L, 1_000L * FAR_MILLIS) : dice.between(100L, 5_000L);
    world.agenda.after(
        micros * Agenda.MICRO,
        () -> {
          if (stalled > 0) {
            held.add(arrives);
          } else {
            arrives.run();
          }
        });
  }

  private List<SimulatedPeers> others(SimulatedPeers but) {
    return sides.keySet().stream().filter(peers -> peers != but).toList();
  }

  private Side side(SimulatedPeers peers) {
    Side side = sides.get(peers);
    if (side == null) {
      throw new AssertionError(peers.member() + " is not in the cluster");
    }
    return side;
  }
}
