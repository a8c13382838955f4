package dev.backline.balancer.discovery;

import dev.backline.balancer.config.DnsConfig;
import dev.backline.balancer.config.DnsConfig.Server;
import dev.backline.balancer.discovery.DnsQuestion.Family;
import dev.backline.balancer.model.IpAddress;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.security.SecureRandom;
import java.util.List;

/**
 * Looks a name up as this machine would, but keeps no answer: every look-up asks. Used from one
 * event loop, and never blocks it.
 */
final class NameLookup {
  private final Vertx vertx;
  private final SystemFiles files;
  private final NetClient tcp;
  private final SecureRandom random = new SecureRandom();

  /** Who is to be asked; nobody where the file of hosts has the name. */
  private record Plan(List<IpAddress> hosts, List<Server> servers) {}

  NameLookup(Vertx vertx, SystemFiles files) {
    this.vertx = vertx;
    this.files = files;
    this.tcp = vertx.createNetClient();
  }

  /** Looks up; the future never fails. */
  Future<Finding> send(DnsConfig dns, Families families) {
    return plan(dns)
        .compose(plan -> send(dns, plan, families))
        .otherwise(e -> new Finding.Unknown("the look-up failed: " + e));
  }

  private Future<Plan> plan(DnsConfig dns) {
    Server server = dns.server();
    if (server != null) {
      return Future.succeededFuture(new Plan(List.of(), List.of(server)));
    }
    return vertx.executeBlocking(
        () -> new Plan(files.hosts().of(dns.name()), files.resolvConf().servers()), false);
  }

  private Future<Finding> send(DnsConfig dns, Plan plan, Families families) {
    if (!plan.hosts().isEmpty()) {
      return Future.succeededFuture(new Finding.Found(plan.hosts()));
    }
    if (plan.servers().isEmpty()) {
      return Future.succeededFuture(
          new Finding.Unknown("there is no DNS server in /etc/resolv.conf to ask"));
    }
    Future<Finding> a = ask(dns, Family.A, plan.servers());
    Future<Finding> aaaa = ask(dns, Family.AAAA, plan.servers());
    return a.compose(four -> aaaa.map(six -> families.join(four, six)));
  }

  /** Asks the servers in their order until one knows. */
  private Future<Finding> ask(DnsConfig dns, Family family, List<Server> servers) {
    DnsQuestion question = new DnsQuestion(random.nextInt(1 << 16), dns.name(), family);
    Future<Finding> first = DnsQuery.send(vertx, tcp, servers.get(0), question, dns.timeout());
    if (servers.size() == 1) {
      return first;
    }
    List<Server> others = servers.subList(1, servers.size());
    return first.compose(
        finding ->
            finding instanceof Finding.Unknown failed
                ? ask(dns, family, others).map(next -> both(failed, next))
                : Future.succeededFuture(finding));
  }

  private static Finding both(Finding.Unknown failed, Finding next) {
    return next instanceof Finding.Unknown too
        ? new Finding.Unknown(failed.words() + "; " + too.words())
        : next;
  }
}
