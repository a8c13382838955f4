package dev.backline.testbed.docker;

import java.util.List;

/**
 * The end of something that may be asked for by several threads, and while it is being changed:
 * changes and removals take turns, and whoever asks looks at what is left, and goes on until
 * nothing is. After the first removal nothing may be changed any more.
 */
final class Removal {
  private static final int TRIES = 10;

  private final Remains remains;
  private boolean begun;

  Removal(Remains remains) {
    this.remains = remains;
  }

  /** What is to be removed. */
  interface Remains {
    /** What there is, in words. */
    List<String> left();

    /** Removes what it can; what fails stays for the next time. */
    void removeAll();

    /** Between two tries. */
    void pause();
  }

  /** A change that may make something new. */
  interface Change<T, E extends Exception> {
    T make() throws E;
  }

  /** Makes a change, unless the removal has begun. */
  synchronized <T, E extends Exception> T unlessBegun(Change<T, E> change) throws E {
    if (begun) {
      throw new IllegalStateException("it is being removed");
    }
    return change.make();
  }

  /** Returns what could not be removed: nothing, if all went well. */
  synchronized List<String> run() {
    begun = true;
    List<String> left = remains.left();
    for (int tries = 0; tries < TRIES && !left.isEmpty(); tries++) {
      if (tries > 0) {
        remains.pause();
      }
      remains.removeAll();
      left = remains.left();
    }
    return left;
  }
}
