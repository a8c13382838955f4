package dev.backline.testbed.driver;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Files of one JSON object a line, as processes write them that may be killed in mid-line. */
public final class JsonLines {
  private JsonLines() {}

  /** Reads all whole lines; a last one without its line end is left out. No file: no lines. */
  public static <T> List<T> read(Path file, Function<JsonObject, T> from) throws TestbedException {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new TestbedException("cannot read " + file, e);
    }
    List<T> values = new ArrayList<>();
    int number = 0;
    int at = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      number++;
      String line = text.substring(at, end);
      at = end + 1;
      try {
        values.add(from.apply(new JsonObject(line)));
      } catch (DecodeException | IllegalArgumentException e) {
        throw new TestbedException(file + " (line " + number + "): " + line, e);
      }
    }
    return values;
  }
}
