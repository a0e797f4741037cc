package io.weir.daemon.shared;

/** Places in a stream of Redis: milliseconds, and a number among those of the same one. */
final class StreamIds {
  private StreamIds() {}

  /** The place just before another one. */
  static String before(String id) {
    int dash = id.indexOf('-');
    long millis = Long.parseLong(id, 0, dash, 10);
    long number = Long.parseUnsignedLong(id, dash + 1, id.length(), 10);
    return number == 0
        ? millis - 1 + "-" + Long.toUnsignedString(-1)
        : millis + "-" + Long.toUnsignedString(number - 1);
  }
}
