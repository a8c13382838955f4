package dev.backline.balancer.arch;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Classes that break the table on purpose, one for each edge: written from the table itself, so
 * that no edge is left out, and compiled into a directory of their own, far from the real ones.
 *
 * <p>What isn't of the JDK is planted too, as an empty class with the right name: the rules go by
 * names.
 */
final class PlantedClasses {
  private static final String TARGET = "PlantedTarget";

  private final Map<String, String> sources = new LinkedHashMap<>();

  PlantedClasses() {
    for (String outside : Outside.allExamples()) {
      if (!outside.startsWith("java.")) {
        plant(outside, "public class %s {}");
      }
    }
    for (ImportTable.Row from : ImportTable.ROWS) {
      plant(from.packageName() + "." + TARGET, "public class %s {}");
      for (String to : ImportTable.names()) {
        if (!to.equals(from.name())) {
          plantUser(from.name(), target(to));
        }
      }
      for (String outside : Outside.allExamples()) {
        plantUser(from.name(), outside);
      }
    }
  }

  /** Returns the class that is planted in each of our packages to be used by the others. */
  static String target(String name) {
    return ImportTable.packageName(name) + "." + TARGET;
  }

  /** Returns the class in the package {@code from} that uses {@code target}. */
  static String user(String from, String target) {
    return ImportTable.packageName(from) + ".PlantedUserOf_" + target.replace('.', '_');
  }

  /** Plants one more class. */
  void plant(String name, String source) {
    int dot = name.lastIndexOf('.');
    String body = source.formatted(name.substring(dot + 1));
    sources.put(name, "package " + name.substring(0, dot) + ";\n" + body);
  }

  private void plantUser(String from, String target) {
    plant(user(from, target), "class %s { " + target + " planted; }");
  }

  JavaClasses compileInto(Path directory) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((name, source) -> units.add(new Source(name, source)));
    StringWriter errors = new StringWriter();
    List<String> options = List.of("-d", directory.toString(), "-proc:none", "-cp", "", "-nowarn");
    if (!compiler.getTask(errors, null, null, options, null, units).call()) {
      throw new AssertionError(errors.toString());
    }
    return new ClassFileImporter().importPath(directory);
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("planted:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) throws IOException {
      return text;
    }
  }
}
