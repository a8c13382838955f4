package dev.backline.balancer.config;

import org.jspecify.annotations.Nullable;

/**
 * Where backends register, and where that is kept.
 *
 * @param listener an address for nothing but that; {@code null}: only the admin address
 * @param stateFile what a member reads when it starts; relative to the configuration's folder
 */
public record RegistrarConfig(@Nullable Address listener, String stateFile) {
  /** What holds where the configuration says nothing. */
  public static final RegistrarConfig DEFAULT =
      new RegistrarConfig(null, "backline-registrations.json");

  /**
   * Where to listen.
   *
   * @param host the name or address to listen on, IPv6 without brackets
   * @param port 0 to 65535, 0 for any free one
   */
  public record Address(String host, int port) {
    /** Checks the port. */
    public Address {
      Checks.port("port", port, 0);
    }
  }

  /** Checks the file's name. */
  public RegistrarConfig {
    Checks.present("stateFile", stateFile);
  }
}
