package io.weir.firewall.path;

import static io.weir.firewall.path.PathTokens.ENCODED;

/** Reads bytes as forgiving decoders do, who find characters where UTF-8 has none. */
final class LenientText {
  /*
   * Overlong sequences become the character that they spell, fullwidth forms the ASCII character
   * that they look like (compatibility normalisation and best-fit tables do that), and bytes that
   * are no UTF-8 the characters of Latin-1. %uXXXX is such a spelling too, and a percent sign that
   * begins nothing is left out.
   */
  private LenientText() {}

  /** Whether a second reading of these bytes exists. */
  static boolean differs(PathTokens path) {
    for (int i = 0; i < path.length; i++) {
      if ((path.tokens[i] & 0xff) < 0x80) {
        continue;
      }
      long read = decode(path.tokens, i, path.length);
      if (!isPlain(read)) {
        return true;
      }
      i += length(read) - 1;
    }
    return false;
  }

  /** The path with every byte sequence above ASCII read forgivingly. */
  static PathTokens forgiveBytes(PathTokens path) {
    char[] tokens = new char[2 * path.length];
    int size = 0;
    for (int i = 0; i < path.length; i++) {
      char token = path.tokens[i];
      if ((token & 0xff) < 0x80) {
        tokens[size++] = token;
        continue;
      }
      long read = decode(path.tokens, i, path.length);
      size = append(tokens, size, fold(codePoint(read)));
      i += length(read) - 1;
    }
    return new PathTokens(tokens, size);
  }

  /** The path with every percent sign that begins no escape read forgivingly. */
  static PathTokens forgiveEscapes(PathTokens path) {
    char[] tokens = new char[path.length];
    int size = 0;
    for (int i = 0; i < path.length; i++) {
      char token = path.tokens[i];
      if (token != PathTokens.STRAY_PERCENT) {
        tokens[size++] = token;
        continue;
      }
      int codePoint = unicodeEscape(path, i + 1);
      if (codePoint >= 0) {
        size = append(tokens, size, fold(codePoint)); // six tokens become three at most
        i += 5;
      }
    }
    return new PathTokens(tokens, size);
  }

  private static int unicodeEscape(PathTokens path, int at) {
    if (at + 4 >= path.length || (path.tokens[at] != 'u' && path.tokens[at] != 'U')) {
      return -1;
    }
    int high = PathTokens.hexByte(path.tokens[at + 1], path.tokens[at + 2]);
    int low = PathTokens.hexByte(path.tokens[at + 3], path.tokens[at + 4]);
    return high < 0 || low < 0 ? -1 : (high << 8) | low;
  }

  private static int fold(int codePoint) {
    return codePoint >= 0xff01 && codePoint <= 0xff5e ? codePoint - 0xff01 + '!' : codePoint;
  }

  private static int append(char[] tokens, int size, int c) {
    int at = size;
    if (c < 0x80) {
      // A separator that is spelled like this is one for whoever reads it at all.
      tokens[at++] = c == '/' || c == '\\' ? '/' : (char) (ENCODED | c);
    } else if (c < 0x800) {
      tokens[at++] = (char) (ENCODED | 0xc0 | (c >> 6));
      tokens[at++] = (char) (ENCODED | 0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      tokens[at++] = (char) (ENCODED | 0xe0 | (c >> 12));
      tokens[at++] = (char) (ENCODED | 0x80 | ((c >> 6) & 0x3f));
      tokens[at++] = (char) (ENCODED | 0x80 | (c & 0x3f));
    } else {
      tokens[at++] = (char) (ENCODED | 0xf0 | (c >> 18));
      tokens[at++] = (char) (ENCODED | 0x80 | ((c >> 12) & 0x3f));
      tokens[at++] = (char) (ENCODED | 0x80 | ((c >> 6) & 0x3f));
      tokens[at++] = (char) (ENCODED | 0x80 | (c & 0x3f));
    }
    return at;
  }

  /* A decoded sequence in one long: the code point, its length in tokens, and whether it is UTF-8. */

  private static long pack(int codePoint, int length, boolean valid) {
    return ((long) codePoint << 8) | ((long) length << 1) | (valid ? 1 : 0);
  }

  private static int codePoint(long read) {
    return (int) (read >>> 8);
  }

  private static int length(long read) {
    return (int) (read >>> 1) & 0x7f;
  }

  private static boolean isPlain(long read) {
    return (read & 1) != 0 && fold(codePoint(read)) == codePoint(read);
  }

  /** Decodes the sequence that begins here; the old five and six byte forms are known, too. */
  private static long decode(char[] tokens, int at, int end) {
    int first = tokens[at] & 0xff;
    int more = Integer.numberOfLeadingZeros(~(first << 24)) - 1;
    if (more < 1 || more > 5 || at + more >= end) {
      return pack(first, 1, false);
    }
    int value = first & (0x3f >> more);
    for (int i = 1; i <= more; i++) {
      int next = tokens[at + i] & 0xff;
      if ((next & 0xc0) != 0x80 || tokens[at + i] >= PathTokens.STRAY) {
        return pack(first, 1, false);
      }
      value = (value << 6) | (next & 0x3f);
    }
    int smallest = more == 1 ? 0x80 : 1 << (5 * more + 1);
    boolean valid =
        value >= smallest && value <= Character.MAX_CODE_POINT && (value >> 11) != 0xd800 >> 11;
    boolean overlong = value < smallest;
    return valid || overlong ? pack(value, more + 1, valid) : pack(first, 1, false);
  }
}
