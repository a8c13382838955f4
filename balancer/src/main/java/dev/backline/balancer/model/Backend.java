package dev.backline.balancer.model;

/**
 * One backend of a pool, as it is listed.
 *
 * @param id its address, which is its identity
 * @param name what people call it, unique in its pool: {@code backend-2}
 * @param weight its share relative to the others of the pool, 1 to 1,000
 */
public record Backend(BackendId id, String name, int weight) {
  /** The largest weight. */
  public static final int MAX_WEIGHT = 1_000;

  /** Checks the weight. */
  public Backend {
    if (weight < 1 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException(
          "weight: " + weight + " (expected: 1 to " + MAX_WEIGHT + ")");
    }
  }
}
