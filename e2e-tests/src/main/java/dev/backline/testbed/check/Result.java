package dev.backline.testbed.check;

/** What a drill, or one check of it, came to. */
public enum Result {
  PASS,
  FAIL,
  /** Nothing was proved either way: the drill did not happen as it should have. */
  INVALID
}
