package dev.backline.balancer.config;

/**
 * Where a member listens to its operators.
 *
 * @param host the name or address to listen on, IPv6 without brackets; default 127.0.0.1
 * @param port 0 to 65535, 0 for any free one; default 7070
 * @param tokenFile the file that holds the token, made at first start; relative to the
 *     configuration's folder; default backline-admin.token
 */
public record AdminConfig(String host, int port, String tokenFile) {
  /** What holds where the configuration says nothing. */
  public static final AdminConfig DEFAULT =
      new AdminConfig("127.0.0.1", 7070, "backline-admin.token");

  /** Checks the port and the file's name. */
  public AdminConfig {
    Checks.port("port", port, 0);
    Checks.present("tokenFile", tokenFile);
  }
}
