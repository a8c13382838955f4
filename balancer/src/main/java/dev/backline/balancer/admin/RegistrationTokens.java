package dev.backline.balancer.admin;

import dev.backline.balancer.config.PoolConfig;
import dev.backline.balancer.config.RegistrationConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What backends show when they register, by the file that holds it. Immutable. */
public final class RegistrationTokens {
  private final Map<String, byte[]> tokens;

  private RegistrationTokens(Map<String, byte[]> tokens) {
    this.tokens = tokens;
  }

  /**
   * Reads the tokens of all pools.
   *
   * @param admin what none of them may be, wherever it stands
   * @param resolve from a path of the configuration to that of the file
   * @throws IOException if a file can't be read, is readable for others, or is too short; the
   *     message says which
   */
  public static RegistrationTokens load(
      List<PoolConfig> pools, AdminToken admin, Function<String, Path> resolve) throws IOException {
    Map<String, byte[]> tokens = new LinkedHashMap<>();
    for (PoolConfig pool : pools) {
      RegistrationConfig registration = pool.registration();
      if (registration != null && !tokens.containsKey(registration.tokenFile())) {
        String key = "pools." + pool.name() + ".registration.token_file: ";
        String token =
            SecretFile.read(
                key,
                resolve.apply(registration.tokenFile()),
                "make one for all members and the pool's backends: openssl rand -hex 32 > FILE;"
                    + " chmod 600 FILE");
        if (admin.matches(token)) {
          throw new IOException(
              key
                  + registration.tokenFile()
                  + ": holds the admin token (expected: one of its own)");
        }
        tokens.put(registration.tokenFile(), token.getBytes(StandardCharsets.UTF_8));
      }
    }
    return new RegistrationTokens(tokens);
  }

  /** Returns the files that hold what is presented; looks at all of them whatever it is. */
  Set<String> filesOf(String presented) {
    byte[] bytes = presented.getBytes(StandardCharsets.UTF_8);
    Set<String> files = new LinkedHashSet<>();
    tokens.forEach(
        (file, token) -> {
          if (MessageDigest.isEqual(token, bytes)) {
            files.add(file);
          }
        });
    return files;
  }
}
