package dev.backline.balancer.incident;

import dev.backline.balancer.config.DnsConfig;
import dev.backline.balancer.config.RegistrationConfig;
import dev.backline.balancer.control.AdminCommand;
import dev.backline.balancer.control.Controller;
import dev.backline.balancer.control.Event;
import dev.backline.balancer.control.NameAnswer;
import dev.backline.balancer.control.PoolPolicy;
import dev.backline.balancer.control.Registrar;
import dev.backline.balancer.health.Evidence;
import dev.backline.balancer.health.Grounds;
import dev.backline.balancer.health.Observation;
import dev.backline.balancer.health.ProbeResult;
import dev.backline.balancer.model.AddressRange;
import dev.backline.balancer.model.AdminState;
import dev.backline.balancer.model.Backend;
import dev.backline.balancer.model.BackendId;
import dev.backline.balancer.model.Cause;
import dev.backline.balancer.model.IpAddress;
import dev.backline.balancer.model.MemberId;
import dev.backline.balancer.model.PoolName;
import dev.backline.balancer.model.Registration;
import dev.backline.balancer.model.Verdict;
import dev.backline.balancer.route.Route;
import dev.backline.balancer.route.Router;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A member that is told things, a millisecond after each other, and recorded. */
final class Recorded {
  static final long MILLI = 1_000_000;
  static final PoolName WEB = new PoolName("web");
  static final Backend ONE = new Backend(new BackendId("10.0.0.1", 3000), "backend-1", 1);
  static final Backend TWO = new Backend(new BackendId("2001:db8::2", 3000), "backend-2", 2);
  static final MemberId OTHER = new MemberId("balancer-2");

  final Controller controller = new Controller(new MemberId("balancer-1"), 7);
  final Recorder recorder = new Recorder(controller);
  private long nowNanos = -1_000 * MILLI; // Clocks may begin anywhere.

  /** Returns a member of whose two backends a probe has passed. */
  static Recorded withTwoUp() {
    Recorded recorded = new Recorded();
    recorded.tell(configured(PoolPolicy.ofDefaults(WEB)));
    recorded.tell(new Event.BackendsListed(WEB, List.of(ONE, TWO)));
    recorded.tell(passed(ONE));
    recorded.tell(passed(TWO));
    return recorded;
  }

  /** Returns a member that was told something of every kind. */
  static Recorded withEverything() {
    Recorded recorded = withTwoUp();
    PoolName names = new PoolName("names");
    PoolName words = new PoolName("words");
    IpAddress caller = Objects.requireNonNull(IpAddress.parse("2001:db8::1"));
    DnsConfig dns =
        new DnsConfig(
            "site.example",
            3000,
            Duration.ofSeconds(1),
            Duration.ofMillis(500),
            new DnsConfig.Server(caller, 53));
    RegistrationConfig registration =
        new RegistrationConfig(
            "token",
            Duration.ofSeconds(10),
            List.of(Objects.requireNonNull(AddressRange.parse("10.0.0.0/8"))));
    recorded.tell(
        new Event.ConfigReplaced(
            List.of(
                PoolPolicy.ofDefaults(WEB),
                PoolPolicy.ofDefaults(names).from(dns, null),
                PoolPolicy.ofDefaults(words).from(null, registration)),
            new Router(List.of(new Route("*.example", "/a", WEB), Route.everythingTo(names)))));
    recorded.tell(new Event.NameAnswered(names, dns, new NameAnswer.Listed(List.of(ONE))));
    recorded.tell(new Event.NameAnswered(names, dns, new NameAnswer.Nothing("no addresses")));
    recorded.tell(new Event.NameAnswered(names, dns, new NameAnswer.Failed("nobody answers")));
    Registration said =
        new Registration(
            words, "a", 1, 1, new Registration.Terms(ONE.id(), 3, 10_000, "0123456789abcdef"));
    recorded.tell(new Event.RegistrationOffered(1, new Registrar.Offer(said, null, caller)));
    Registration gone = new Registration(words, "b", 2, 1, null);
    recorded.tell(
        new Event.RegistrationsHeard(
            List.of(new Event.Heard(OTHER, gone), new Event.Heard(null, said))));
    recorded.tell(new Event.MembersRecalled(Map.of(new MemberId("balancer-3"), 5L)));
    recorded.tell(new Event.MembersHeard(List.of(OTHER)));
    recorded.tell(
        new Event.ObservationHeard(
            OTHER, WEB, ONE.id(), new Observation(Verdict.DOWN, Grounds.PROBE, "refused"), true));
    recorded.tell(new Event.ObservationWithdrawn(OTHER, WEB, ONE.id()));
    recorded.tell(
        new Event.EvidenceSeen(
            WEB,
            ONE.id(),
            List.of(
                new Evidence.Overdue(60 * MILLI),
                new Evidence.Silence(150 * MILLI, 60 * MILLI),
                new Evidence.Heard(),
                new Evidence.Transport(Cause.RESET, true, Long.MAX_VALUE),
                new Evidence.Request("answers \"500\" \u00e9", 3),
                new Evidence.Local(Cause.NO_DESCRIPTORS))));
    recorded.tell(quick(ONE, ProbeResult.failed(Cause.TIMEOUT)));
    recorded.tell(probed(ONE, new ProbeResult.Draining()));
    recorded.tell(new Event.Stalled(300 * MILLI));
    recorded.tell(new Event.MemberLeft(OTHER));
    recorded.tell(
        new Event.AdminCommanded(new AdminCommand.SetState(WEB, TWO.id(), AdminState.DRAIN)));
    recorded.tell(new Event.TimePassed());
    return recorded;
  }

  static Event configured(PoolPolicy policy) {
    return new Event.ConfigReplaced(
        List.of(policy), new Router(List.of(Route.everythingTo(policy.name()))));
  }

  static Event passed(Backend backend) {
    return probed(backend, new ProbeResult.Passed(200, 2 * MILLI));
  }

  static Event failed(Backend backend) {
    return probed(backend, ProbeResult.of(500, false, 2 * MILLI));
  }

  static Event probed(Backend backend, ProbeResult result) {
    return new Event.ProbeFinished(WEB, backend.id(), result, Long.MAX_VALUE);
  }

  static Event quick(Backend backend, ProbeResult result) {
    return new Event.QuickProbeFinished(WEB, backend.id(), result, Long.MAX_VALUE);
  }

  void tell(Event event) {
    nowNanos += MILLI;
    recorder.apply(event, nowNanos);
  }

  Incident incident() {
    Incident.Header header = new Incident.Header("1.2", List.of("why"), 100_000, nowNanos);
    return recorder.recording(header).incident();
  }
}
