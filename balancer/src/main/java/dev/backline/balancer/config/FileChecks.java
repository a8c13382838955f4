package dev.backline.balancer.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * No two things in one file: a token for backends must not open the admin interface, and no log may
 * be written where a secret stands. Pools may share a token.
 */
final class FileChecks {
  private final Report report;
  private final List<Use> uses = new ArrayList<>();

  private FileChecks(Report report) {
    this.report = report;
  }

  static void run(Values root, Report report) {
    FileChecks checks = new FileChecks(report);
    checks.add(root.find(MemberSchema.ADMIN), AdminSchema.TOKEN_FILE, "admin token", false);
    if (root.has(MemberSchema.CLUSTER)) {
      checks.add(
          root.find(MemberSchema.CLUSTER), ClusterSchema.SECRET_FILE, "cluster's secret", false);
    }
    checks.add(
        root.find(MemberSchema.REGISTRATION),
        RegistrationSchema.STATE_FILE,
        "state of the registrations",
        false);
    List<Values> pools = root.find(MemberSchema.POOLS);
    for (Values pool : pools == null ? List.<Values>of() : pools) {
      if (pool.has(PoolSchema.REGISTRATION)) {
        checks.add(
            pool.find(PoolSchema.REGISTRATION), RegistrationSchema.TOKEN_FILE, "token", true);
      }
    }
    Values log = root.find(MemberSchema.ACCESS_LOG);
    if (log != null && log.find(AdminSchema.TO) instanceof AccessLogConfig.File file) {
      checks.add(new Use("access log", file.path(), log, AdminSchema.TO, false));
    }
  }

  private void add(@Nullable Values section, Key<String> key, String what, boolean shared) {
    String file = section == null ? null : section.find(key);
    if (section != null && file != null) {
      add(new Use(what, file, section, key, shared));
    }
  }

  private void add(Use use) {
    uses.stream()
        .filter(other -> other.isSameFile(use) && !(other.shared && use.shared))
        .findFirst()
        .ifPresent(
            other ->
                report.add(
                    use.section.where(use.key),
                    use.section.shown(use.key),
                    "another file: the " + other + " is there"));
    uses.add(use);
  }

  private record Use(String what, String file, Values section, Key<?> key, boolean shared) {
    /** As far as the names tell: both are relative to the same folder. */
    boolean isSameFile(Use other) {
      return segments(file).equals(segments(other.file));
    }

    private static List<String> segments(String file) {
      List<String> segments = new ArrayList<>();
      if (file.startsWith("/")) {
        segments.add("/");
      }
      for (String segment : file.split("/", -1)) {
        int last = segments.size() - 1;
        boolean leaves = segment.equals("..") && last >= 0 && !"/..".contains(segments.get(last));
        if (leaves) {
          segments.remove(last);
        } else if (!segment.isEmpty() && !segment.equals(".")) {
          segments.add(segment);
        }
      }
      return segments;
    }

    @Override
    public String toString() {
      return what + (section.has(key) ? " of line " + section.where(key).line() : ", by default,");
    }
  }
}
