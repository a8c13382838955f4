package dev.backline.testbed.driver;

import dev.backline.testbed.driver.AddressPlan.BalancerAddresses;
import dev.backline.testbed.http.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A balancer's configuration as the testbed writes it.
 *
 * @param backends addresses by name, in order
 * @param members addresses of all members; empty for a balancer that is alone
 * @param probeInterval null for the default
 */
record BalancerFile(
    String member,
    BalancerAddresses addresses,
    Map<String, Address> backends,
    List<Address> members,
    @Nullable Duration probeInterval) {
  static final String NAME = "backline.yml";
  static final String TOKEN_FILE = "backline-admin.token";
  static final String ACCESS_LOG = "access.log";

  /** In the folder above: it is all members'. */
  static final String SECRET_FILE = "cluster.secret";

  /** Replaces the file whole, by an atomic rename: a reload never reads half of it. */
  void write(Path file) throws TestbedException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(fresh, text());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new TestbedException("cannot write the balancer's configuration " + file, e);
    }
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append("# Written by the testbed; `./backline add` and `remove` write it again.\n");
    text.append("member: ").append(member).append('\n');
    text.append("listeners:\n  - ").append(addresses.listener()).append('\n');
    text.append("pools:\n  dumbsound:\n    backends:\n");
    backends.forEach(
        (name, address) ->
            text.append("      - {name: %s, address: \"%s\"}\n".formatted(name, address)));
    if (probeInterval != null) {
      text.append("    health: {interval: %dms}\n".formatted(probeInterval.toMillis()));
    }
    if (!members.isEmpty()) {
      String all =
          members.stream()
              .map(address -> "\"" + address + "\"")
              .collect(Collectors.joining(", ", "[", "]"));
      text.append("cluster:\n  address: \"%s\"\n".formatted(addresses.member()));
      text.append("  members: %s\n  secret_file: ../%s\n".formatted(all, SECRET_FILE));
    }
    text.append("admin: {address: \"%s\", ".formatted(addresses.admin()));
    text.append("token_file: %s}\n".formatted(TOKEN_FILE));
    text.append("access_log: {to: %s}\n".formatted(ACCESS_LOG));
    return text.toString();
  }
}
