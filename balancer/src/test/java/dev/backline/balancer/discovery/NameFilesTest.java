package dev.backline.balancer.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backline.balancer.model.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What this machine's files say about names. */
final class NameFilesTest {
  @Test
  void hostsHaveSeveralNamesAndNamesSeveralAddresses() {
    HostsFile hosts =
        HostsFile.parse(
            """
            127.0.0.1\tlocalhost
            ::1     localhost ip6-localhost   # and a comment
            #10.0.0.9 commented
            10.0.0.1  Web.Example web
            10.0.0.2  web
            fe80::1%lo0 scoped
            nonsense
              10.0.0.3    indented\t
            """);

    assertThat(hosts.of("localhost")).hasToString("[127.0.0.1, ::1]");
    assertThat(hosts.of("ip6-localhost")).hasToString("[::1]");
    assertThat(hosts.of("web.example")).hasToString("[10.0.0.1]");
    assertThat(hosts.of("web")).hasToString("[10.0.0.1, 10.0.0.2]");
    assertThat(hosts.of("indented")).hasToString("[10.0.0.3]");
    assertThat(hosts.of("commented")).isEmpty();
    assertThat(hosts.of("scoped")).isEmpty();
    assertThat(hosts.of("")).isEmpty();
  }

  @Test
  void serversAreThoseThatTheCLibraryAsks() {
    ResolvConf conf =
        ResolvConf.parse(
            """
            # nameserver 192.0.2.1
            ; nameserver 192.0.2.2
            search example
            options ndots:0
            nameserver 127.0.0.11
            nameserver\tFD00::53 # by IPv6
            nameserver fe80::1%eth0
            nameserver
            nameserver not-an-address
            nameserver 192.0.2.3
            nameserver 192.0.2.4
            """,
            53);

    assertThat(conf.servers()).hasToString("[127.0.0.11, fd00::53, 192.0.2.3]");
    assertThat(ResolvConf.parse("", 53).servers()).isEmpty();
  }

  @Test
  void filesAreReadAgainWhenTheyChange(@TempDir Path folder) throws IOException {
    Path hosts = folder.resolve("hosts");
    SystemFiles files = new SystemFiles(hosts, folder.resolve("resolv.conf"), 53);
    assertThat(files.hosts().of("a")).isEmpty();
    assertThat(files.resolvConf().servers()).isEmpty();

    Files.writeString(hosts, "10.0.0.1 a\n");
    assertThat(files.hosts().of("a")).hasToString("[10.0.0.1]");
    assertThat(files.hosts()).isSameAs(files.hosts());
    Files.writeString(hosts, "10.0.0.1 a b\n");
    assertThat(files.hosts().of("b")).hasToString("[10.0.0.1]");
    Files.delete(hosts);
    assertThat(files.hosts().of("a")).isEmpty();
  }

  @Test
  void machineHasNoLoopbackAmongItsAddresses() {
    assertThat(SystemFiles.machineAddresses()).noneMatch(IpAddress::isLoopback);
  }
}
