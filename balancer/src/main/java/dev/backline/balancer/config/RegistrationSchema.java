package dev.backline.balancer.config;

import dev.backline.balancer.model.AddressRange;
import dev.backline.balancer.model.IpAddress;
import java.time.Duration;
import java.util.List;

/** The keys of pools whose backends register themselves, and of where they do. */
final class RegistrationSchema {
  private static final int MAX_RANGES = 64;
  private static final String RANGE_EXPECTED =
      "a range of addresses, like 10.0.0.0/8, with no bit set behind the first ones";

  private static final String RANGE_USABLE =
      "a range of addresses that a backend may have: link-local and multicast ones are refused";

  static final Key<String> TOKEN_FILE =
      Key.required(
          "token_file",
          AdminSchema.FILE_NAME,
          "The file that holds the token that the backends show, readable by its owner only; the"
              + " same on all members. It is for the pools that name its file, and for nothing"
              + " else.");
  static final Key<Duration> LEASE =
      Key.of(
          "lease",
          Units.duration(RegistrationConfig.MIN_LEASE, Duration.ofHours(1)),
          RegistrationConfig.DEFAULT_LEASE,
          "How long a backend stays after it was heard last; one may ask for less. It comes again"
              + " after a third of it. Trap: a backend that died is found by its probes much"
              + " earlier; a short lease only makes it fragile.");
  private static final Key<AddressRange> RANGE =
      Key.required(
          "range",
          new ScalarType<>(
              "range of addresses, like `10.0.0.0/8`",
              RANGE_EXPECTED,
              RegistrationSchema::range,
              AddressRange::toString),
          "Addresses that begin alike.");
  static final Key<List<Values>> ALLOW =
      Key.optional(
          "allow",
          new ListType(
              SectionType.of(RANGE).withShorthand(RANGE),
              "ranges, like [10.0.0.0/8]",
              1,
              MAX_RANGES,
              0),
          "none",
          "Which addresses a backend may register beside the one that it calls from. Trap: who has"
              + " the token can send the pool's requests to any of them.");
  static final SectionType POOL =
      SectionType.of(TOKEN_FILE, LEASE, ALLOW).withShorthand(TOKEN_FILE);

  static final Key<HostPort> ADDRESS =
      Key.optional(
          "address",
          HostPort.LISTENED,
          "only the admin address",
          "Where backends on other machines register: nothing else is answered there. Trap: they"
              + " talk in the clear, so this must be a private network.");
  static final Key<String> STATE_FILE =
      Key.of(
          "state_file",
          AdminSchema.FILE_NAME,
          RegistrarConfig.DEFAULT.stateFile(),
          "What is registered, for the next start; written where a pool has `registration`. One"
              + " older than 24 hours is not used.");
  static final SectionType MEMBER = SectionType.of(ADDRESS, STATE_FILE).withShorthand(ADDRESS);

  private RegistrationSchema() {}

  private static Reading<AddressRange> range(String text) {
    AddressRange range = AddressRange.parse(text);
    if (range == null) {
      return new Reading.Wrong<>(RANGE_EXPECTED);
    }
    IpAddress first = range.first();
    return first.isLinkLocal() || first.isMulticast()
        ? new Reading.Wrong<>(RANGE_USABLE)
        : new Reading.Right<>(range);
  }

  /** Returns the registration of a pool of a file without errors. */
  static RegistrationConfig toConfig(Values registration) {
    return new RegistrationConfig(
        registration.get(TOKEN_FILE),
        registration.get(LEASE),
        registration.get(ALLOW).stream().map(range -> range.get(RANGE)).toList());
  }

  /** Returns where backends register, of a file without errors. */
  static RegistrarConfig toRegistrar(Values registration) {
    HostPort address = registration.find(ADDRESS);
    return new RegistrarConfig(
        address == null ? null : new RegistrarConfig.Address(address.host(), address.port()),
        registration.get(STATE_FILE));
  }
}
