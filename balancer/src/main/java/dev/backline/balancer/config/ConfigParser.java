package dev.backline.balancer.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Makes a configuration of a text, or tells all that is wrong with it. Never throws. */
public final class ConfigParser {
  private ConfigParser() {}

  /** Returns what the bytes of a file are, which must be UTF-8. */
  public static ParseResult parse(byte[] file, Machine machine) {
    ByteBuffer bytes = ByteBuffer.wrap(file);
    try {
      return parse(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString(), machine);
    } catch (CharacterCodingException e) {
      // The decoder stopped at the bytes that are wrong.
      String before = new String(file, 0, bytes.position(), StandardCharsets.UTF_8);
      int line = before.split("\r\n|\r|\n", -1).length;
      int column = before.length() - Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r'));
      return new ParseResult.Invalid(
          List.of(new ConfigError("", line, column, "bytes that are not UTF-8", "text in UTF-8")));
    }
  }

  /** Returns what a text is, wherever it is read. */
  public static ParseResult parse(String text) {
    return parse(text, Machine.UNKNOWN);
  }

  /** Returns what a text is on a machine. */
  public static ParseResult parse(String text, Machine machine) {
    Report report = new Report(machine);
    Values root = MemberSchema.ROOT.read(YamlReader.read(text, report), report);
    return report.isEmpty()
        ? new ParseResult.Valid(MemberSchema.toConfig(root))
        : new ParseResult.Invalid(report.inOrder());
  }
}
