package dev.backline.sample.music;

/**
 * A song, as it never changes.
 *
 * @param id counted from 1
 */
public record Song(int id, String title, String artist, String album, String genre, int seconds) {
  /** The length as people write it: {@code 3:07}. */
  public String length() {
    int rest = seconds % 60;
    return seconds / 60 + ":" + (rest < 10 ? "0" : "") + rest;
  }

  /** Where its picture is. */
  public String cover() {
    return "/covers/" + id + ".svg";
  }
}
