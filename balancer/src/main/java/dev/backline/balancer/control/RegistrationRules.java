package dev.backline.balancer.control;

import dev.backline.balancer.config.RegistrationConfig;
import dev.backline.balancer.model.HostAndPort;
import dev.backline.balancer.model.IpAddress;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which addresses who may register. Pure. */
public final class RegistrationRules {
  private RegistrationRules() {}

  /**
   * Why an address is refused.
   *
   * @param isNever whether nobody may register it, rather than not this caller
   */
  public record Refusal(boolean isNever, String words) {}

  /**
   * Judges an address; {@code null}: it may be registered.
   *
   * @param caller where the request came from
   * @param own what is never a backend: that would be a loop
   */
  public static @Nullable Refusal judge(
      IpAddress address, int port, IpAddress caller, RegistrationConfig rules, OwnAddresses own) {
    String shown = "address: " + HostAndPort.text(address.toString(), port);
    String never = own.refusal(address, port);
    if (never != null) {
      return new Refusal(true, shown + ", " + never + " (expected: the address of one backend)");
    }
    String notYours = refusal(address, caller, rules);
    return notYours == null ? null : new Refusal(false, shown + notYours);
  }

  /**
   * Judges who speaks for the backend at an address; {@code null}: this caller may.
   *
   * @param address {@code null}: none that anybody calls from
   */
  static @Nullable String refusal(
      @Nullable IpAddress address, IpAddress caller, RegistrationConfig rules) {
    if (address != null
        && (address.equals(caller)
            || rules.allow().stream().anyMatch(range -> range.contains(address)))) {
      return null;
    }
    String ranges =
        rules.allow().stream().map(range -> ", or one in " + range).collect(Collectors.joining());
    return " (expected: " + caller + ", where the request comes from" + ranges + ")";
  }
}
