package io.weir.firewall.text;

/** The text of a field while it is compared; reused, so nobody keeps it. */
public final class Text implements CharSequence {
  private char[] buffer = new char[256];
  char[] chars = buffer;
  int from;
  int to;

  /**
   * Where it stands, from {@link #from} up to {@link #to}; the memory of somebody else, perhaps.
   */
  public char[] memory() {
    return chars;
  }

  public int from() {
    return from;
  }

  public int to() {
    return to;
  }

  /** Becomes a copy. */
  public void set(CharSequence text) {
    int length = text.length();
    if (buffer.length < length) {
      buffer = new char[Math.max(length, 2 * buffer.length)];
    }
    text.getChars(0, length, buffer, 0);
    chars = buffer;
    from = 0;
    to = length;
  }

  /** Becomes a part of somebody else's memory. */
  public void borrow(char[] memory, int begin, int end) {
    chars = memory;
    from = begin;
    to = end;
  }

  boolean startsAt(int at, char[] wanted) {
    if (at < from || to - at < wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (chars[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  boolean isAscii() {
    int all = 0;
    for (int i = from; i < to; i++) {
      all |= chars[i];
    }
    return all < 0x80;
  }

  @Override
  public int length() {
    return to - from;
  }

  @Override
  public char charAt(int index) {
    return chars[from + index];
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new String(chars, from + start, end - start);
  }

  @Override
  public String toString() {
    return new String(chars, from, to - from);
  }
}
