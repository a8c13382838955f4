package dev.backline.testbed.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/**
 * History is data and checkers are pure functions of it: neither may reach for a clock, a process,
 * a socket, a file, or the driver that made the history.
 */
class ArchitectureTest {
  private static final ArchRule PURE =
      noClasses()
          .that()
          .resideInAnyPackage("..testbed.history..", "..testbed.check..", "..planted..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..testbed.driver..",
              "..testbed.docker..",
              "..testbed.load..",
              "..testbed.drill..",
              "..testbed.report..",
              "..testbed.control..",
              "..testbed.up..",
              "..testbed.cli..",
              "java.io..",
              "java.net..",
              "java.nio..",
              "java.util.concurrent..",
              "io.vertx.core",
              "io.vertx.core.net..",
              "io.vertx.core.http..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.System")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.Thread")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.ProcessHandle");

  private static final ArchRule LOAD_KNOWS_NO_DRIVER =
      noClasses()
          .that()
          .resideInAnyPackage("..testbed.load..", "..testbed.http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..testbed.driver..",
              "..testbed.docker..",
              "..testbed.check..",
              "..testbed.drill..",
              "..testbed.report..");

  private static final ArchRule ONLY_ONE_KNOWS_TESTCONTAINERS =
      noClasses()
          .that()
          .resideOutsideOfPackage("..testbed.docker..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.testcontainers..", "com.github.dockerjava..");

  private final JavaClasses main =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.backline.testbed");

  @Test
  void historyAndCheckersArePure() {
    PURE.check(main);
  }

  @Test
  void loadAndFaultsAreSeparateThings() {
    LOAD_KNOWS_NO_DRIVER.check(main);
  }

  @Test
  void containersAreAMatterOfTheirDriver() {
    ONLY_ONE_KNOWS_TESTCONTAINERS.check(main);
  }

  @Test
  void ruleBitesOnAPlantedContainer() {
    JavaClasses planted =
        new ClassFileImporter().importPackages("dev.backline.testbed.arch.planted");

    assertThatThrownBy(() -> ONLY_ONE_KNOWS_TESTCONTAINERS.check(planted))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("org.testcontainers");
  }

  @Test
  void ruleBitesOnAPlantedChecker() {
    JavaClasses planted =
        new ClassFileImporter().importPackages("dev.backline.testbed.arch.planted");

    assertThatThrownBy(() -> PURE.check(planted))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("java.lang.System");
  }
}
