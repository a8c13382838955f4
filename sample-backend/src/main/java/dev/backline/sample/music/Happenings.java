package dev.backline.sample.music;

/** Is told what listeners do, when it has been counted. */
@FunctionalInterface
public interface Happenings {
  /**
   * On the event loop.
   *
   * @param what {@code play}, {@code like} or {@code unlike}
   */
  void happened(String what, Song song);
}
