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
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Refuses records that lack a component which can't be {@code null}, or have one more. */
final class WholeRecords implements TypeAdapterFactory {
  @Override
  public <T> @Nullable TypeAdapter<T> create(Gson gson, TypeToken<T> type) {
    if (!type.getRawType().isRecord()) {
      return null;
    }
    Map<String, Boolean> required = new LinkedHashMap<>();
    for (RecordComponent each : type.getRawType().getRecordComponents()) {
      boolean nullable = each.getAnnotatedType().isAnnotationPresent(Nullable.class);
      required.put(each.getName(), !nullable);
    }
    TypeAdapter<T> components = gson.getDelegateAdapter(this, type);
    TypeAdapter<JsonElement> elements = gson.getAdapter(JsonElement.class);
    return new TypeAdapter<T>() {
      @Override
      public void write(JsonWriter out, T value) throws IOException {
        components.write(out, value);
      }

      @Override
      public T read(JsonReader in) throws IOException {
        JsonObject object = elements.read(in).getAsJsonObject();
        check(object, required);
        return components.fromJsonTree(object);
      }
    }.nullSafe();
  }

  private static void check(JsonObject object, Map<String, Boolean> required) {
    List<String> unknown = new ArrayList<>(object.keySet());
    unknown.removeAll(required.keySet());
    if (!unknown.isEmpty()) {
      throw new JsonParseException("without " + String.join(", ", unknown));
    }
    required.forEach(
        (name, isRequired) -> {
          JsonElement value = object.get(name);
          if (isRequired && (value == null || value.isJsonNull())) {
            throw new JsonParseException("with " + name);
          }
        });
  }
}
