package dev.backline.balancer.config;

/**
 * A place in the text.
 *
 * @param path the key that stands there
 * @param line from 1
 * @param column from 1
 */
record Where(String path, int line, int column) {

  Where key(String name) {
    return new Where(path.isEmpty() ? Shown.key(name) : path + "." + Shown.key(name), line, column);
  }

  Where item(int index) {
    return new Where(path + "[" + index + "]", line, column);
  }

  Where at(int otherLine, int otherColumn) {
    return new Where(path, otherLine, otherColumn);
  }
}
