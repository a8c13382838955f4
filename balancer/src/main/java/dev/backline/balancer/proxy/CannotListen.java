package dev.backline.balancer.proxy;

import java.net.UnknownHostException;
import java.util.Locale;

/** An address to listen on can't be had; the message says which, why, and what to do. */
public final class CannotListen extends Exception {
  private static final long serialVersionUID = 1;
  private static final String CHOOSE = "choose another address in the configuration";

  /**
   * Tells of one address.
   *
   * @param where the key of the configuration and the address
   */
  public CannotListen(String where, Throwable cause) {
    super(where + ": " + why(cause), cause);
  }

  private static String why(Throwable cause) {
    String words = String.valueOf(cause.getMessage());
    String lower = words.toLowerCase(Locale.ROOT);
    if (lower.contains("in use")) {
      return "address already in use (another balancer? " + CHOOSE + ")";
    }
    if (lower.contains("assign requested")) {
      return "not an address of this machine (" + CHOOSE + ")";
    }
    if (lower.contains("permission denied")) {
      return "permission denied (ports below 1024 need a privilege; " + CHOOSE + ")";
    }
    return cause instanceof UnknownHostException ? "unknown host (" + CHOOSE + ")" : words;
  }
}
