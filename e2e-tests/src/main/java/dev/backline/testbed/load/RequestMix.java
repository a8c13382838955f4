package dev.backline.testbed.load;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Which requests the load sends: the n-th is the same in each run with the same seed.
 *
 * @param postPercent part of POSTs, which must never run twice
 * @param putPercent part of PUTs, which may
 */
public record RequestMix(int postPercent, int putPercent, long seed) {
  private static final int SONGS = 10;
  private static final List<String> GETS =
      List.of("/", "/api/v1/music?page=1&limit=10", "/api/v1/music/", "/whoami");

  public RequestMix {
    if (postPercent < 0 || putPercent < 0 || postPercent + putPercent > 100) {
      throw new IllegalArgumentException(
          "percent of POST and PUT: %d and %d (expected: >= 0, in all <= 100)"
              .formatted(postPercent, putPercent));
    }
  }

  /** 30 % POST, the rest GET. */
  public static RequestMix ofDrills() {
    return new RequestMix(30, 0, 1);
  }

  /** What one request says. */
  public record Spec(String method, String path, String body) {

    /** The request as it goes over the wire. */
    byte[] bytes(String host, String id) {
      StringBuilder head = new StringBuilder(256);
      head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
      head.append("Host: ").append(host).append("\r\n");
      head.append("X-Request-Id: ").append(id).append("\r\n");
      head.append("User-Agent: backline-testbed\r\nAccept: */*\r\n");
      if (!body.isEmpty()) {
        head.append("Content-Type: application/json\r\n");
      }
      if (!method.equals("GET")) {
        head.append("Content-Length: ").append(body.length()).append("\r\n");
      }
      return head.append("\r\n").append(body).toString().getBytes(StandardCharsets.US_ASCII);
    }
  }

  Spec spec(long n) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + n);
    int percent = random.nextInt(100);
    int song = 1 + random.nextInt(SONGS);
    if (percent < postPercent) {
      return new Spec("POST", "/api/v1/plays", "{\"song\":" + song + "}");
    }
    if (percent < postPercent + putPercent) {
      return new Spec("PUT", "/api/v1/likes/" + song, "");
    }
    String path = GETS.get(random.nextInt(GETS.size()));
    return new Spec("GET", path.endsWith("music/") ? path + song : path, "");
  }
}
