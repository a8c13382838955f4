package dev.backline.balancer.config;

import java.util.List;

/** The keys at the top of the file. */
final class MemberSchema {
  static final Key<String> MEMBER =
      Key.of(
          "member",
          Names.TYPE,
          BalancerConfig.DEFAULT_MEMBER,
          "What this member is called, in its status, its logs and its cluster. `hostname` is the"
              + " name of its machine. Trap: no two members of a cluster may have one name.");
  static final Key<List<Values>> LISTENERS =
      Key.optional(
          "listeners",
          ListenerSchema.LIST,
          "one, as below",
          "The addresses that clients connect to.");
  static final Key<List<Values>> ROUTES =
      Key.optional(
          "routes",
          RouteSchema.LIST,
          "everything to the only pool",
          "Which requests go where. Required with several pools. Trap: a request that no route fits"
              + " goes nowhere; a route with nothing but `pool` takes the hosts that have none.");
  static final Key<List<Values>> POOLS =
      Key.required(
          "pools",
          PoolSchema.MAP,
          "The backends, in groups whose members answer the same. Each group stands behind a name"
              + " of your choice.");
  static final Key<Values> ADMIN =
      Key.optional("admin", AdminSchema.ADMIN, "as below", "Where operators reach this member.");
  static final Key<Values> REGISTRATION =
      Key.optional(
          "registration",
          RegistrationSchema.MEMBER,
          "as below",
          "Where backends register that a pool with `registration` waits for.");
  static final Key<Values> CLUSTER =
      Key.optional(
          "cluster",
          ClusterSchema.SECTION,
          "none",
          "With whom this member shares what it sees of the backends.");
  static final Key<Values> ACCESS_LOG =
      Key.optional("access_log", AdminSchema.ACCESS_LOG, "as below", "Who asked for what.");
  static final Key<Values> INCIDENTS =
      Key.optional(
          "incidents",
          IncidentsSchema.SECTION,
          "as below",
          "What this member saw before it put a backend out, to be replayed.");

  static final SectionType ROOT =
      SectionType.of(
              MEMBER, LISTENERS, ROUTES, POOLS, REGISTRATION, CLUSTER, ADMIN, ACCESS_LOG, INCIDENTS)
          .withCheck(MemberSchema::check);

  private MemberSchema() {}

  private static void check(Values root, Report report) {
    RouteSchema.check(root, report);
    AddressChecks.run(root, report);
    FileChecks.run(root, report);
  }

  /** Returns the configuration of a file without errors. */
  static BalancerConfig toConfig(Values root) {
    List<PoolConfig> pools = PoolSchema.toConfigs(root.get(POOLS));
    return new BalancerConfig(
        root.get(MEMBER),
        ListenerSchema.toConfigs(root.get(LISTENERS)),
        RouteSchema.toConfigs(root.get(ROUTES), pools),
        pools,
        RegistrationSchema.toRegistrar(root.get(REGISTRATION)),
        root.has(CLUSTER) ? ClusterSchema.toConfig(root.get(CLUSTER)) : null,
        AdminSchema.toConfig(root.get(ADMIN)),
        root.get(ACCESS_LOG).get(AdminSchema.TO),
        IncidentsSchema.toConfig(root.get(INCIDENTS)));
  }
}
