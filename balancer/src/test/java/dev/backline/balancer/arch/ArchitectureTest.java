package dev.backline.balancer.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.backline.balancer.arch.ImportTable.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The import table holds, and each of its rules bites. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ArchitectureTest {

  /** A class of one package that uses a class which the package must not use, or may. */
  record Edge(Row from, String to) {
    String planted() {
      return PlantedClasses.user(from.name(), to);
    }

    @Override
    public String toString() {
      return from + " -> " + to.replace(ImportTable.ROOT_PACKAGE + ".", "");
    }
  }

  /**
   * What decides must not depend on chance or on the order that a JVM happens to give a set. The
   * packages http and config read texts, and look up in sets which they never walk through.
   */
  private static final ArchRule SAME_IN_EVERY_JVM =
      noClasses()
          .that(
              DescribedPredicate.describe(
                  "decide",
                  c ->
                      ImportTable.ROWS.stream()
                          .filter(row -> row.isPure() && !row.name().matches("http|config"))
                          .anyMatch(row -> row.packageName().equals(c.getPackageName()))))
          .should()
          .accessTargetWhere(
              DescribedPredicate.<JavaAccess<?>>describe(
                  "gives another order or number in each JVM",
                  access -> isUnordered(access) || isRandom(access)));

  /** What the planted classes do that {@link #SAME_IN_EVERY_JVM} must see. */
  private static final Map<String, String> UNSTEADY =
      new LinkedHashMap<>(
          Map.of(
              "PlantedHashMap", "Object o = new java.util.HashMap<String, String>();",
              "PlantedHashSet", "Object o = new java.util.HashSet<String>();",
              "PlantedSetOf", "Object o = java.util.Set.of(\"a\", \"b\");",
              "PlantedSetCopyOf", "Object o = java.util.Set.copyOf(java.util.List.of(1));",
              "PlantedMapOf", "Object o = java.util.Map.of(\"a\", \"b\");",
              "PlantedMapCopyOf", "Object o = java.util.Map.copyOf(java.util.Map.of());",
              "PlantedToSet",
                  "Object o = java.util.stream.Stream.of(1)"
                      + ".collect(java.util.stream.Collectors.toSet());",
              "PlantedMathRandom", "double d = Math.random();",
              "PlantedShuffle",
                  "{ java.util.Collections.shuffle(new java.util.ArrayList<String>()); }",
              "PlantedReference", "java.util.function.DoubleSupplier s = java.lang.Math::random;"));

  private final JavaClasses real =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ImportTable.ROOT_PACKAGE);

  private JavaClasses planted = real;
  private final Map<String, String> reports = new LinkedHashMap<>();

  @BeforeAll
  void plant(@TempDir Path directory) {
    PlantedClasses classes = new PlantedClasses();
    UNSTEADY.forEach(
        (name, body) ->
            classes.plant(
                ImportTable.packageName("control") + "." + name, "class %s { " + body + " }"));
    planted = classes.compileInto(directory);
    for (Row row : ImportTable.ROWS) {
      List<String> details = row.rule().evaluate(planted).getFailureReport().getDetails();
      reports.put(row.name(), String.join("\n", details));
    }
  }

  static List<Row> rows() {
    return ImportTable.ROWS;
  }

  static Stream<Edge> forbiddenEdges() {
    return edges().filter(edge -> !edge.from().allows(edge.to()));
  }

  static Stream<Edge> allowedEdges() {
    return edges().filter(edge -> edge.from().allows(edge.to()));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void packageImportsOnlyWhatTheTableAllows(Row row) {
    row.rule().check(real);
  }

  @ParameterizedTest
  @MethodSource("forbiddenEdges")
  void plantedClassOnForbiddenEdgeIsReported(Edge edge) {
    assertThat(reports.get(edge.from().name())).contains("<" + edge.planted() + ".planted>");
  }

  @ParameterizedTest
  @MethodSource("allowedEdges")
  void plantedClassOnAllowedEdgeIsNotReported(Edge edge) {
    assertThat(reports.get(edge.from().name())).doesNotContain(edge.planted());
  }

  @Test
  void decisionsAreTheSameInEveryJvm() {
    SAME_IN_EVERY_JVM.check(real);
  }

  @Test
  void plantedClassesThatDifferByJvmAreReported() {
    String report = SAME_IN_EVERY_JVM.evaluate(planted).getFailureReport().toString();
    for (String name : UNSTEADY.keySet()) {
      assertThat(report).contains(ImportTable.packageName("control") + "." + name + ".");
    }
  }

  @Test
  void packagesOnDiskAreThePackagesOfTheTable() throws IOException {
    Path root = Path.of("src/main/java", ImportTable.ROOT_PACKAGE.split("\\."));
    List<String> onDisk = new ArrayList<>(List.of(ImportTable.ROOT));
    try (Stream<Path> files = Files.walk(root)) {
      files
          .filter(file -> Files.isDirectory(file) && !file.equals(root))
          .map(file -> root.relativize(file).toString())
          .forEach(onDisk::add);
    }
    assertThat(onDisk).containsExactlyInAnyOrderElementsOf(ImportTable.names());
    assertThat(onDisk).doesNotContainAnyElementsOf(ImportTable.NOT_YET);
  }

  private static Stream<Edge> edges() {
    List<Edge> edges = new ArrayList<>();
    for (Row from : ImportTable.ROWS) {
      for (String to : ImportTable.names()) {
        if (!to.equals(from.name())) {
          edges.add(new Edge(from, PlantedClasses.target(to)));
        }
      }
      for (String outside : Outside.allExamples()) {
        edges.add(new Edge(from, outside));
      }
    }
    return edges.stream();
  }

  private static boolean isUnordered(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    return switch (owner) {
      case "java.util.HashMap", "java.util.HashSet", "java.util.IdentityHashMap" ->
          access.getName().equals("<init>");
      case "java.util.Set", "java.util.Map" ->
          access.getName().matches("of|ofEntries|copyOf") && parameters(access) > 0;
      case "java.util.stream.Collectors" ->
          access.getName().matches("toSet|toUnmodifiableSet|toMap|toUnmodifiableMap|groupingBy");
      default -> false;
    };
  }

  private static boolean isRandom(JavaAccess<?> access) {
    return switch (access.getTargetOwner().getName()) {
      case "java.lang.Math", "java.lang.StrictMath" -> access.getName().equals("random");
      case "java.util.Collections" -> access.getName().equals("shuffle") && parameters(access) == 1;
      default -> false;
    };
  }

  private static int parameters(JavaAccess<?> access) {
    return access
        .getTarget()
        .resolveMember()
        .map(member -> ((JavaCodeUnit) member).getRawParameterTypes().size())
        .orElse(1);
  }
}
