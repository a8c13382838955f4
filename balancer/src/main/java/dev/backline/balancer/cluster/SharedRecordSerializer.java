package dev.backline.balancer.cluster;

import com.hazelcast.nio.serialization.compact.CompactReader;
import com.hazelcast.nio.serialization.compact.CompactSerializer;
import com.hazelcast.nio.serialization.compact.CompactWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The form of a record on the wire: named fields, so that versions can differ. */
final class SharedRecordSerializer implements CompactSerializer<SharedRecord> {
  @Override
  public SharedRecord read(CompactReader in) {
    List<String> fields = new ArrayList<>();
    @Nullable String[] read = in.readArrayOfString("fields");
    if (read != null) {
      for (String field : read) {
        fields.add(text(field));
      }
    }
    return new SharedRecord(
        text(in.readString("kind")),
        text(in.readString("key")),
        text(in.readString("owner")),
        in.readInt64("incarnation"),
        in.readInt64("sequence"),
        fields,
        text(in.readString("mac")));
  }

  private static String text(@Nullable String read) {
    return read == null ? "" : read; // Then it doesn't verify.
  }

  @Override
  public void write(CompactWriter out, SharedRecord record) {
    out.writeString("kind", record.kind());
    out.writeString("key", record.key());
    out.writeString("owner", record.owner());
    out.writeInt64("incarnation", record.incarnation());
    out.writeInt64("sequence", record.sequence());
    out.writeArrayOfString("fields", record.fields().toArray(new String[0]));
    out.writeString("mac", record.mac());
  }

  @Override
  public String getTypeName() {
    return "backline.record";
  }

  @Override
  public Class<SharedRecord> getCompactClass() {
    return SharedRecord.class;
  }
}
