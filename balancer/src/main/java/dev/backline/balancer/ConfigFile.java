package dev.backline.balancer;

import dev.backline.balancer.admin.SecretFile;
import dev.backline.balancer.config.BalancerConfig;
import dev.backline.balancer.config.ConfigError;
import dev.backline.balancer.config.ConfigParser;
import dev.backline.balancer.config.DnsConfig;
import dev.backline.balancer.config.ParseResult;
import dev.backline.balancer.config.PoolConfig;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.route.Router;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The configuration file: read, made into an event, and compared with the one before. */
final class ConfigFile {
  /** The file can't be used; each line says why. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;
    private final transient List<String> lines;

    Unusable(List<String> lines) {
      super(String.join("\n", lines));
      this.lines = List.copyOf(lines);
    }

    List<String> lines() {
      return lines;
    }
  }

  private ConfigFile() {}

  static BalancerConfig read(Path file) throws Unusable {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new Unusable(
          List.of(file + ": no such file (write one: docs/configuration.md has examples)"));
    } catch (IOException e) {
      throw new Unusable(List.of(file + ": can't be read: " + SecretFile.why(e)));
    }
    ParseResult result = ConfigParser.parse(bytes, ClusterSetup::isHere);
    if (result instanceof ParseResult.Valid valid) {
      return valid.config();
    }
    if (result instanceof ParseResult.Invalid invalid) {
      throw new Unusable(invalid.errors().stream().map(ConfigError::toString).toList());
    }
    throw new AssertionError(result);
  }

  /** Returns a path of the configuration, which is relative to the file's folder. */
  static Path resolve(Path file, String path) {
    return file.toAbsolutePath().resolveSibling(path).normalize();
  }

  static Event.ConfigReplaced event(BalancerConfig config) {
    List<PoolPolicy> pools = config.pools().stream().map(ConfigFile::policy).toList();
    return new Event.ConfigReplaced(pools, new Router(config.routes()));
  }

  /** Returns what can't be changed while the member runs, in words; empty if there is none. */
  static List<String> unchangeable(BalancerConfig before, BalancerConfig after) {
    List<String> errors = new ArrayList<>();
    if (!before.member().equals(after.member())) {
      errors.add("member: " + after.member() + " (expected: as at the start; restart to change)");
    }
    if (!before.listeners().equals(after.listeners())) {
      errors.add("listeners: changed (expected: as at the start; restart to change)");
    }
    if (!before.registrar().equals(after.registrar())) {
      errors.add("registration: changed (expected: as at the start; restart to change)");
    }
    if (!Objects.equals(before.cluster(), after.cluster())) {
      errors.add("cluster: changed (expected: as at the start; restart to change)");
    }
    if (!before.admin().equals(after.admin())) {
      errors.add("admin: changed (expected: as at the start; restart to change)");
    }
    if (!before.accessLog().equals(after.accessLog())) {
      errors.add("access_log: changed (expected: as at the start; restart to change)");
    }
    if (!before.incidents().equals(after.incidents())) {
      errors.add("incidents: changed (expected: as at the start; restart to change)");
    }
    return errors;
  }

  /** Returns what is different, in words. */
  static List<String> changes(BalancerConfig before, BalancerConfig after) {
    List<String> changes = new ArrayList<>();
    Map<String, PoolConfig> old = new LinkedHashMap<>();
    before.pools().forEach(pool -> old.put(pool.name().value(), pool));
    for (PoolConfig pool : after.pools()) {
      PoolConfig was = old.remove(pool.name().value());
      if (was == null) {
        changes.add("added pool " + pool.name());
      } else {
        addBackendChanges(changes, was, pool);
        addNameChanges(changes, was, pool);
        if (!Objects.equals(was.registration(), pool.registration())) {
          changes.add("pool " + pool.name() + ": changed its registration");
        }
        if (!policy(was).from(pool.dns(), pool.registration()).equals(policy(pool))) {
          changes.add("pool " + pool.name() + ": changed its policies");
        }
      }
    }
    old.keySet().forEach(name -> changes.add("removed pool " + name));
    if (!before.routes().equals(after.routes())) {
      changes.add("changed routes");
    }
    return changes;
  }

  private static void addBackendChanges(List<String> changes, PoolConfig was, PoolConfig is) {
    String where = "pool " + is.name() + ": ";
    for (Backend backend : is.backends()) {
      if (was.backends().stream().noneMatch(b -> b.id().equals(backend.id()))) {
        changes.add(where + "added " + backend.name() + " " + backend.id());
      } else if (!was.backends().contains(backend)) {
        changes.add(where + "changed " + backend.name() + " " + backend.id());
      }
    }
    for (Backend backend : was.backends()) {
      if (is.backends().stream().noneMatch(b -> b.id().equals(backend.id()))) {
        changes.add(where + "removed " + backend.name() + " " + backend.id());
      }
    }
  }

  private static void addNameChanges(List<String> changes, PoolConfig was, PoolConfig is) {
    String where = "pool " + is.name() + ": ";
    DnsConfig before = was.dns();
    DnsConfig after = is.dns();
    if (before == null && after != null) {
      changes.add(where + "added the name " + after.address());
    } else if (before != null && after == null) {
      changes.add(where + "removed the name " + before.address());
    } else if (before != null && after != null && !before.equals(after)) {
      changes.add(where + "changed the name " + after.address());
    }
  }

  private static PoolPolicy policy(PoolConfig pool) {
    return new PoolPolicy(
        pool.name(),
        pool.balance(),
        pool.health(),
        pool.retry(),
        pool.queue(),
        pool.connection(),
        pool.dns(),
        pool.registration());
  }
}
