package dev.backline.balancer.config;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which known word somebody meant. */
final class Nearest {
  private Nearest() {}

  /** Returns the nearest of the known words, the first of equals; null if none is near. */
  static @Nullable String to(String word, List<String> known) {
    String nearest = null;
    int least = Integer.MAX_VALUE;
    for (String each : known) {
      // A third of the letters may be wrong; and no long text is ever compared.
      int bound = (each.length() + 2) / 3;
      if (Math.abs(each.length() - word.length()) > bound) {
        continue;
      }
      int distance = distance(word.toLowerCase(Locale.ROOT), each.toLowerCase(Locale.ROOT));
      if (distance <= bound && distance < least) {
        nearest = each;
        least = distance;
      }
    }
    return nearest;
  }

  /**
   * Returns how many letters to add, drop, change or swap with their neighbour (Damerau and
   * Levenshtein; no letter is touched twice).
   */
  static int distance(String from, String to) {
    int[][] cost = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= to.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      for (int j = 1; j <= to.length(); j++) {
        int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int least = Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1);
        least = Math.min(least, cost[i - 1][j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && from.charAt(i - 1) == to.charAt(j - 2)
                && from.charAt(i - 2) == to.charAt(j - 1);
        cost[i][j] = swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
      }
    }
    return cost[from.length()][to.length()];
  }
}
