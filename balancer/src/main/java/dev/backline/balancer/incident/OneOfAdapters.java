package dev.backline.balancer.incident;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.TypeAdapterFactory;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sealed interfaces as the record that stands there, with its simple name as {@code is}; the names
 * of all that one permits differ.
 */
final class OneOfAdapters implements TypeAdapterFactory {
  private static final String IS = "is";

  @Override
  public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
    if (!type.getRawType().isSealed()) {
      return null;
    }
    Map<String, TypeAdapter<T>> byName = new LinkedHashMap<>();
    for (Class<?> each : records(type.getRawType())) {
      @SuppressWarnings("unchecked") // It is permitted: one of T.
      TypeAdapter<T> adapter = (TypeAdapter<T>) gson.getAdapter(each);
      byName.put(each.getSimpleName(), adapter);
    }
    return new OneOf<>(byName, gson.getAdapter(JsonElement.class)).nullSafe();
  }

  private static List<Class<?>> records(Class<?> sealed) {
    List<Class<?>> records = new ArrayList<>();
    for (Class<?> permitted : sealed.getPermittedSubclasses()) {
      if (permitted.isSealed()) {
        records.addAll(records(permitted));
      } else {
        records.add(permitted);
      }
    }
    return records;
  }

  private static final class OneOf<T> extends TypeAdapter<T> {
    private final Map<String, TypeAdapter<T>> byName;
    private final TypeAdapter<JsonElement> elements;

    OneOf(Map<String, TypeAdapter<T>> byName, TypeAdapter<JsonElement> elements) {
      this.byName = byName;
      this.elements = elements;
    }

    @Override
    public void write(JsonWriter out, T value) throws IOException {
      String name = value.getClass().getSimpleName();
      JsonObject object = new JsonObject();
      object.addProperty(IS, name);
      JsonElement components = adapter(name).toJsonTree(value);
      components.getAsJsonObject().entrySet().forEach(e -> object.add(e.getKey(), e.getValue()));
      elements.write(out, object);
    }

    @Override
    public T read(JsonReader in) throws IOException {
      JsonObject object = elements.read(in).getAsJsonObject();
      JsonElement name = object.remove(IS);
      return adapter(name == null ? "nothing" : name.getAsString()).fromJsonTree(object);
    }

    private TypeAdapter<T> adapter(String name) {
      TypeAdapter<T> adapter = byName.get(name);
      if (adapter == null) {
        throw new JsonParseException("that " + IS + " one of " + byName.keySet());
      }
      return adapter;
    }
  }
}
