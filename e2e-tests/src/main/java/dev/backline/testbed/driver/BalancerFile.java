package dev.backline.testbed.driver;

import dev.backline.testbed.http.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * The balancer's configuration as the testbed writes it. Replaced whole, by an atomic rename: a
 * reload never reads half of it.
 */
final class BalancerFile {
  static final String TOKEN_FILE = "backline-admin.token";
  static final String ACCESS_LOG = "access.log";

  private BalancerFile() {}

  static void write(Path file, Address listener, Address admin, Map<String, Address> backends)
      throws TestbedException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(fresh, text(listener, admin, backends));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new TestbedException("cannot write the balancer's configuration " + file, e);
    }
  }

  static String text(Address listener, Address admin, Map<String, Address> backends) {
    StringBuilder text = new StringBuilder();
    text.append("# Written by the testbed; `./backline add` and `remove` write it again.\n");
    text.append("member: balancer-1\n");
    text.append("listeners:\n  - ").append(listener).append('\n');
    text.append("pools:\n  dumbsound:\n    backends:\n");
    backends.forEach(
        (name, address) ->
            text.append("      - {name: ")
                .append(name)
                .append(", address: \"")
                .append(address)
                .append("\"}\n"));
    text.append("admin: {address: \"").append(admin);
    text.append("\", token_file: ").append(TOKEN_FILE).append("}\n");
    text.append("access_log: {to: ").append(ACCESS_LOG).append("}\n");
    return text.toString();
  }
}
