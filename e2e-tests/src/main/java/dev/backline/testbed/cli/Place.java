package dev.backline.testbed.cli;

import java.nio.file.Path;

/**
 * Where things are, as the launcher tells it by system properties.
 *
 * @param root the project's top folder
 * @param testbed directory of the running testbed
 * @param jars where the programs are installed
 * @param terminal whether standard output is one
 */
public record Place(Path root, Path testbed, Path jars, boolean terminal) {

  /** From the properties {@code backline.root, .testbed, .jars} and {@code .terminal}. */
  public static Place ofProperties() {
    Path root = path("backline.root", "");
    Path testbed = path("backline.testbed", root.resolve("target/testbed").toString());
    Path jars = path("backline.jars", root.resolve("target/jars").toString());
    return new Place(root, testbed, jars, Boolean.getBoolean("backline.terminal"));
  }

  private static Path path(String property, String otherwise) {
    return Path.of(System.getProperty(property, otherwise)).toAbsolutePath().normalize();
  }
}
