package dev.backline.testbed.driver;

import dev.backline.testbed.http.Address;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A backend's place, with one ledger for each of its starts. */
final class BackendSlot extends Slot {
  final List<Path> ledgers = new CopyOnWriteArrayList<>();

  BackendSlot(String name, Address address) {
    super(name, address);
  }

  @Override
  Node.Role role() {
    return Node.Role.BACKEND;
  }
}
