package dev.backline.balancer.config;

import java.util.regex.Pattern;

/** The keys of the admin address and of the access log. */
final class AdminSchema {
  static final Pattern FILE = Pattern.compile("\\S(.{0,1022}\\S)?");

  /** A name without dot or slash is refused, so that "stdot" is not a file. */
  private static final Pattern CLEARLY_FILE = Pattern.compile("(?=\\S(.{0,1022}\\S)?$).*[./].*");

  static final Key<HostPort> ADDRESS =
      Key.of(
          "address",
          HostPort.LISTENED,
          new HostPort(AdminConfig.DEFAULT.host(), AdminConfig.DEFAULT.port()),
          "Where operators, and the commands `status` and `reload`, reach this member. Trap: what"
              + " can reach it, and knows the token, can change everything.");
  static final ScalarType<String> FILE_NAME =
      Names.matching("file name", "the name of a file, like backline-admin.token", FILE);

  static final Key<String> TOKEN_FILE =
      Key.of(
          "token_file",
          FILE_NAME,
          AdminConfig.DEFAULT.tokenFile(),
          "The file that holds the token; made at first start, readable by its owner only.");
  static final SectionType ADMIN = SectionType.of(ADDRESS, TOKEN_FILE).withShorthand(ADDRESS);

  static final Key<AccessLogConfig> TO =
      Key.of(
          "to",
          new ScalarType<>(
              "`stdout` or `none` or a file name",
              "stdout, none, or the name of a file with a . or a / in it, like access.log",
              AdminSchema::target,
              AccessLogConfig::toString),
          AccessLogConfig.DEFAULT,
          "Where the line of JSON for each exchange goes. Trap: a file's name needs a `.` or a `/`.");
  static final SectionType ACCESS_LOG = SectionType.of(TO).withShorthand(TO);

  private AdminSchema() {}

  private static Reading<AccessLogConfig> target(String text) {
    if (text.equals("stdout")) {
      return new Reading.Right<>(new AccessLogConfig.Stdout());
    } else if (text.equals("none")) {
      return new Reading.Right<>(new AccessLogConfig.None());
    } else if (CLEARLY_FILE.matcher(text).matches()) {
      return new Reading.Right<>(new AccessLogConfig.File(text));
    }
    return new Reading.Wrong<>(
        "stdout, none, or the name of a file with a . or a / in it, like access.log");
  }

  /** Returns the configuration of a file without errors. */
  static AdminConfig toConfig(Values admin) {
    HostPort address = admin.get(ADDRESS);
    return new AdminConfig(address.host(), address.port(), admin.get(TOKEN_FILE));
  }
}
