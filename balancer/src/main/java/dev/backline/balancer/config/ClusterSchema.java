package dev.backline.balancer.config;

import dev.backline.balancer.model.IpAddress;
import java.util.List;

/** The keys of the cluster. */
final class ClusterSchema {
  private static final int MAX_MEMBERS = 64;

  static final Key<String> NAME =
      Key.of("name", Names.TYPE, "backline", "Members of another name never join.");
  static final Key<HostPort> ADDRESS =
      Key.of(
          "address",
          HostPort.CONNECTED,
          new HostPort("0.0.0.0", 5701),
          "Where the other members reach this one: the only address it opens for them. `0.0.0.0` is"
              + " the one of this machine's addresses at which `members` finds it, else the one that"
              + " its name has. Trap: members talk in the clear, so"
              + " theirs must be a private network.");
  static final Key<HostPort> MEMBER =
      Key.required(
          "address", HostPort.CONNECTED, "A member, or a name that has the addresses of several.");
  static final Key<List<Values>> MEMBERS =
      Key.required(
          "members",
          new ListType(
              SectionType.of(MEMBER).withShorthand(MEMBER).withCheck(ClusterSchema::checkMember),
              "members, like [10.0.0.1:5701, 10.0.0.2:5701]",
              1,
              MAX_MEMBERS,
              0),
          "All members, or some that the rest finds; this one may be among them.");
  static final Key<String> SECRET_FILE =
      Key.required(
          "secret_file",
          AdminSchema.FILE_NAME,
          "The file that holds the members' common secret, readable by its owner only. What isn't"
              + " signed with it is ignored.");
  static final SectionType SECTION = SectionType.of(NAME, ADDRESS, MEMBERS, SECRET_FILE);

  private ClusterSchema() {}

  private static void checkMember(Values member, Report report) {
    HostPort address = member.find(MEMBER);
    IpAddress ip = address == null ? null : address.ip();
    if (ip != null && ip.isUnspecified()) {
      report.add(
          member.where(MEMBER),
          member.shown(MEMBER),
          "an address at which others reach the member, not an unspecified one");
    }
  }

  /** Returns the configuration of a file without errors. */
  static ClusterConfig toConfig(Values cluster) {
    HostPort address = cluster.get(ADDRESS);
    return new ClusterConfig(
        cluster.get(NAME),
        address.host(),
        address.port(),
        cluster.get(MEMBERS).stream().map(member -> toAddress(member.get(MEMBER))).toList(),
        cluster.get(SECRET_FILE));
  }

  private static ClusterConfig.Address toAddress(HostPort address) {
    return new ClusterConfig.Address(address.host(), address.port());
  }
}
