package dev.backline.balancer.discovery;

import dev.backline.balancer.config.DnsConfig;
import dev.backline.balancer.model.IpAddress;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Function;

/**
 * What this machine says about names: its two files, read again when they change. It blocks, so its
 * methods are called on a worker thread only.
 */
final class SystemFiles {
  private static final int MAX_BYTES = 4 << 20;

  private final Watched<HostsFile> hosts;
  private final Watched<ResolvConf> resolvConf;

  SystemFiles(Path hosts, Path resolvConf, int dnsPort) {
    this.hosts = new Watched<>(hosts, HostsFile::parse);
    this.resolvConf = new Watched<>(resolvConf, text -> ResolvConf.parse(text, dnsPort));
  }

  static SystemFiles ofThisMachine() {
    return new SystemFiles(
        Path.of("/etc/hosts"), Path.of("/etc/resolv.conf"), DnsConfig.Server.DEFAULT_PORT);
  }

  synchronized HostsFile hosts() {
    return hosts.read();
  }

  synchronized ResolvConf resolvConf() {
    return resolvConf.read();
  }

  /** Returns the addresses of this machine, those of loopback apart. */
  static List<IpAddress> machineAddresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(address -> IpAddress.of(address.getAddress()))
          .filter(address -> !address.isLoopback())
          .toList();
    } catch (SocketException e) {
      return List.of(); // Then only what is bound by its own address is known to be ours.
    }
  }

  /** A file, parsed when it changed. One that can't be read is empty. */
  private static final class Watched<T> {
    private final Path path;
    private final Function<String, T> parser;
    private FileTime changed = FileTime.fromMillis(0);
    private long size = -1;
    private T parsed;

    Watched(Path path, Function<String, T> parser) {
      this.path = path;
      this.parser = parser;
      this.parsed = parser.apply("");
    }

    T read() {
      try {
        FileTime changedNow = Files.getLastModifiedTime(path);
        long sizeNow = Files.size(path);
        if (sizeNow != size || !changedNow.equals(changed)) {
          parsed = parser.apply(text());
          changed = changedNow;
          size = sizeNow;
        }
      } catch (IOException e) {
        parsed = parser.apply("");
        size = -1;
      }
      return parsed;
    }

    private String text() throws IOException {
      try (var in = Files.newInputStream(path)) {
        return new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1);
      }
    }
  }
}
