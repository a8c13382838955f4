package dev.backline.balancer.sim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The product and its simulation once more, each class for itself alone, and those of one file with
 * a mistake: so the simulation runs it as it runs the real one.
 */
final class MutantLoader extends ClassLoader {
  private static final String OURS = "dev.backline.balancer.";

  private final Map<String, byte[]> compiled;

  private MutantLoader(Map<String, byte[]> compiled) {
    super(MutantLoader.class.getClassLoader());
    this.compiled = compiled;
  }

  /** Returns a loader in which everything is as it is. */
  static MutantLoader real() {
    return new MutantLoader(Map.of());
  }

  /** Returns a loader in which one file has a mistake. */
  static MutantLoader of(Mutant mutant) {
    return new MutantLoader(compile(mutant));
  }

  /** Returns a {@link Hunt} in here. */
  @SuppressWarnings("unchecked")
  IntFunction<@Nullable String> hunt(String check) {
    try {
      Constructor<?> hunt = loadClass(Hunt.class.getName()).getDeclaredConstructor(String.class);
      hunt.setAccessible(true);
      return (IntFunction<@Nullable String>) hunt.newInstance(check);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = compiled.containsKey(name) ? compiled.get(name) : read(name);
    return defineClass(name, bytes, 0, bytes.length);
  }

  private static byte[] read(String name) throws ClassNotFoundException {
    String path = name.replace('.', '/') + ".class";
    try (InputStream in = MutantLoader.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, byte[]> compile(Mutant mutant) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    String classPath = System.getProperty("java.class.path");
    List<String> options = List.of("-proc:none", "-nowarn", "-implicit:none", "-cp", classPath);
    JavaFileObject source = new Source(mutant);
    try (Classes classes = new Classes(compiler.getStandardFileManager(null, null, null))) {
      if (!compiler.getTask(errors, classes, null, options, null, List.of(source)).call()) {
        throw new AssertionError(mutant.name() + " doesn't compile: " + errors);
      }
      Map<String, byte[]> compiled = new LinkedHashMap<>();
      classes.written.forEach((name, bytes) -> compiled.put(name, bytes.toByteArray()));
      return compiled;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Keeps what the compiler writes in memory. */
  private static final class Classes extends ForwardingJavaFileManager<StandardJavaFileManager> {
    final Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();

    Classes(StandardJavaFileManager manager) {
      super(manager);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        JavaFileManager.Location location,
        String className,
        JavaFileObject.Kind kind,
        @Nullable FileObject sibling) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      written.put(className, bytes);
      return new SimpleJavaFileObject(URI.create("mutant:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          return bytes;
        }
      };
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(Mutant mutant) {
      super(URI.create("mutant:///" + mutant.className().replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = mutant.source();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
