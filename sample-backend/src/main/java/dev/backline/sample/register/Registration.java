package dev.backline.sample.register;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an instance registers.
 *
 * @param urls of its pool at one or more balancers, without a slash at the end; the first that
 *     answers is used
 * @param token file that holds the token; read for each request, so that it may change
 * @param advertise where balancers reach this instance; null: where its requests come from
 */
public record Registration(List<String> urls, Path token, @Nullable String advertise) {
  private static final Pattern URL =
      Pattern.compile("http://(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?/v1/pools/[^/?#]+");
  private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[0-9.]+):[0-9]{1,5}");

  public Registration {
    urls = List.copyOf(urls);
    for (String url : urls) {
      if (!URL.matcher(url).matches()) {
        throw new IllegalArgumentException(
            "--register: " + url + " (expected: http://HOST:PORT/v1/pools/POOL)");
      }
    }
    if (advertise != null && !ADDRESS.matcher(advertise).matches()) {
      throw new IllegalArgumentException(
          "--advertise: " + advertise + " (expected: an IP address and a port, 10.0.0.5:3000)");
    }
  }

  /**
   * Reads what the command line says; null: it doesn't ask for a registration.
   *
   * @throws IllegalArgumentException if something is missing or wrong, the token's file included
   */
  public static @Nullable Registration of(
      @Nullable String register, @Nullable Path token, @Nullable String advertise) {
    if (register == null) {
      if (token != null || advertise != null) {
        String option = token != null ? "--token" : "--advertise";
        throw new IllegalArgumentException(option + ": needs --register URL");
      }
      return null;
    }
    if (token == null) {
      throw new IllegalArgumentException("--register: needs --token FILE");
    }
    List<String> urls =
        List.of(register.split(",", -1)).stream().map(url -> url.replaceFirst("/$", "")).toList();
    checkToken(token);
    return new Registration(urls, token, advertise);
  }

  private static void checkToken(Path token) {
    try {
      if (Files.readString(token).isBlank()) {
        throw new IllegalArgumentException("--token: " + token + ": empty (expected: a token)");
      }
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "--token: " + token + ": no such file (expected: the one of the pool's token_file)", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--token: " + token + ": can't be read: " + e + " (expected: a file with a token)", e);
    }
  }
}
