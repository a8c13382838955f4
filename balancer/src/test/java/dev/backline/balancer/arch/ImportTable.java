package dev.backline.balancer.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may import whom: the table of ARCHITECTURE.md, row by row.
 *
 * <p>Packages that the table names and that aren't there yet have no row: ArchUnit fails a rule
 * without classes. {@link #NOT_YET} names them, so that nobody forgets to add theirs.
 */
final class ImportTable {
  static final String ROOT_PACKAGE = "dev.backline.balancer";

  /** The root package as it is named in the table. */
  static final String ROOT = "root";

  static final List<String> NOT_YET = List.of("files", "metrics");

  private static final List<Outside> VALUES = List.of(Outside.JDK_VALUES, Outside.JSPECIFY);
  private static final List<Outside> VALUES_AND_ATOMICS =
      List.of(Outside.JDK_VALUES, Outside.JSPECIFY, Outside.ATOMICS);

  /**
   * One row.
   *
   * @param name of the package, below the root
   * @param ours which of our packages it may use, beside itself
   * @param outside what else
   */
  record Row(String name, List<String> ours, List<Outside> outside) {
    String packageName() {
      return ImportTable.packageName(name);
    }

    boolean isPure() {
      return !outside.contains(Outside.JDK_REST);
    }

    boolean allows(String binaryName) {
      if (isOurs(binaryName)) {
        String other = nameOf(binaryName);
        return other.equals(name) || ours.contains(other);
      }
      return outside.contains(Outside.of(binaryName));
    }

    /** Returns the rule of this row. */
    ArchRule rule() {
      return classes()
          .that(
              DescribedPredicate.<JavaClass>describe(
                  "are in " + name, c -> isOurs(c.getName()) && nameOf(c.getName()).equals(name)))
          .should()
          .onlyDependOnClassesThat(
              DescribedPredicate.<JavaClass>describe(
                  "are in " + name + ", " + ours + " or " + outside,
                  c -> isPrimitive(c) || allows(c.getBaseComponentType().getName())));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Row> ROWS =
      List.of(
          pure("model"),
          new Row(
              "http",
              List.of("model"),
              List.of(Outside.JDK_VALUES, Outside.JSPECIFY, Outside.NETTY_BUFFER)),
          pure("route", "model", "http"),
          pure("balance", "model"),
          pure("health", "model"),
          new Row("retry", List.of("model"), VALUES_AND_ATOMICS),
          new Row("limit", List.of("model"), VALUES_AND_ATOMICS),
          new Row(
              "config",
              List.of("model", "http", "route", "balance", "health", "retry", "limit"),
              List.of(Outside.JDK_VALUES, Outside.JSPECIFY, Outside.YAML)),
          new Row(
              "control",
              List.of("model", "http", "route", "balance", "health", "retry", "limit", "config"),
              List.of(Outside.JDK_VALUES, Outside.JSPECIFY, Outside.PROMISES)),
          new Row(
              "incident",
              List.of(
                  "model", "http", "route", "balance", "health", "retry", "limit", "config",
                  "control"),
              List.of(Outside.JDK_VALUES, Outside.JSPECIFY, Outside.GSON)),
          shell(
              "proxy",
              List.of("model", "http", "route", "balance", "health", "retry", "limit", "control"),
              Outside.VERTX_CORE,
              Outside.NETTY,
              Outside.NETTY_BUFFER),
          shell("probe", List.of("model", "health", "control", "config"), Outside.VERTX_CORE),
          shell("cluster", List.of("model", "health", "control"), Outside.HAZELCAST),
          shell("discovery", List.of("model", "control", "config"), Outside.VERTX_CORE),
          shell(
              "admin",
              List.of("model", "balance", "health", "route", "config", "control", "incident"),
              Outside.VERTX_CORE,
              Outside.VERTX_WEB),
          shell(
              ROOT,
              List.of(
                  "model",
                  "http",
                  "route",
                  "balance",
                  "health",
                  "retry",
                  "limit",
                  "config",
                  "control",
                  "incident",
                  "proxy",
                  "probe",
                  "discovery",
                  "cluster",
                  "admin"),
              Outside.VERTX_CORE,
              Outside.PICOCLI));

  private ImportTable() {}

  static List<String> names() {
    return ROWS.stream().map(Row::name).toList();
  }

  static boolean isOurs(String binaryName) {
    return binaryName.startsWith(ROOT_PACKAGE + ".");
  }

  static String packageName(String name) {
    return name.equals(ROOT) ? ROOT_PACKAGE : ROOT_PACKAGE + "." + name;
  }

  /** Returns the row's name of a class of ours: its package below the root, or the root. */
  private static String nameOf(String binaryName) {
    String below = binaryName.substring(ROOT_PACKAGE.length() + 1);
    int dot = below.indexOf('.');
    return dot < 0 ? ROOT : below.substring(0, dot);
  }

  private static boolean isPrimitive(JavaClass c) {
    return c.getBaseComponentType().isPrimitive();
  }

  private static Row pure(String name, String... ours) {
    return new Row(name, List.of(ours), VALUES);
  }

  private static Row shell(String name, List<String> ours, Outside... outside) {
    List<Outside> all =
        new ArrayList<>(
            List.of(
                Outside.JDK_VALUES,
                Outside.ATOMICS,
                Outside.PROMISES,
                Outside.JDK_REST,
                Outside.JSPECIFY));
    all.addAll(List.of(outside));
    return new Row(name, ours, List.copyOf(all));
  }
}
