package dev.backline.sample.music;

import dev.backline.sample.web.Checked;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for.
 *
 * @param page counted from 1; beyond the last one a page is empty
 * @param limit entries a page
 */
public record Paging(int page, int limit) {
  private static final int STANDARD_LIMIT = 12;
  private static final int MOST_PAGES = 100_000;
  private static final int MOST_LIMIT = 100;

  /** Reads {@code page} and {@code limit}; both may be absent. */
  public static Checked<Paging> of(MultiMap query) {
    return number("page", query.get("page"), 1, MOST_PAGES)
        .then(
            page ->
                number("limit", query.get("limit"), STANDARD_LIMIT, MOST_LIMIT)
                    .then(limit -> Checked.valid(new Paging(page, limit))));
  }

  public <T> List<T> of(List<T> all) {
    long from = Math.min(all.size(), (page - 1L) * limit);
    long to = Math.min(all.size(), from + limit);
    return all.subList((int) from, (int) to);
  }

  /** How many pages there are; a list of nothing has one, which is empty. */
  public int pages(int total) {
    return Math.max(1, (total + limit - 1) / limit);
  }

  /** Links to this page and to the others that exist. */
  JsonObject links(String path, int total) {
    int last = pages(total);
    JsonObject links =
        JsonObject.of("self", link(path, page), "first", link(path, 1), "last", link(path, last));
    if (page > 1) {
      links.put("prev", link(path, Math.min(page - 1, last)));
    }
    if (page < last) {
      links.put("next", link(path, page + 1));
    }
    return links;
  }

  private String link(String path, int to) {
    return path + "?page=" + to + "&limit=" + limit;
  }

  private static Checked<Integer> number(
      String name, @Nullable String value, int standard, int most) {
    if (value == null) {
      return Checked.valid(standard);
    }
    // Digits only: parseInt alone would take +1 and the digits of other scripts.
    if (value.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(value);
      if (number >= 1 && number <= most) {
        return Checked.valid(number);
      }
    }
    return Checked.invalid(name, value, "a whole number from 1 to " + most);
  }
}
