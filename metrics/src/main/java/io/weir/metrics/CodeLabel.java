package io.weir.metrics;

import java.util.Arrays;

/** The words of the label {@code code}: the registered status codes, 499, and {@code other}. */
public final class CodeLabel {
  // 499 is never sent: by custom it stands for a client that left before it was answered.
  private static final int[] KNOWN = {
    100, 101, 102, 103, //
    200, 201, 202, 203, 204, 205, 206, 207, 208, 226, //
    300, 301, 302, 303, 304, 305, 307, 308, //
    400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, //
    421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499, //
    500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511
  };

  /** Cells of one method's row: a power of two, with room for the codes and {@code other}. */
  static final int ROW = 64;

  /** Number of words, {@code other} included; it is the last one. */
  static final int COUNT = KNOWN.length + 1;

  private static final int LOWEST = 100;
  private static final byte[] INDEX = indices();
  private static final String[] WORDS = words();

  private CodeLabel() {}

  /** Index of a status; any number may be asked for. */
  public static int index(int status) {
    int at = status - LOWEST;
    return at >= 0 && at < INDEX.length ? INDEX[at] : KNOWN.length;
  }

  /** The word as exported. */
  public static String word(int index) {
    return WORDS[index];
  }

  /** Whether the status at an index of a row is 500 or above. */
  static boolean isServerError(int index) {
    return index < KNOWN.length && KNOWN[index] >= 500;
  }

  private static byte[] indices() {
    byte[] indices = new byte[KNOWN[KNOWN.length - 1] - LOWEST + 1];
    Arrays.fill(indices, (byte) KNOWN.length);
    for (int i = 0; i < KNOWN.length; i++) {
      indices[KNOWN[i] - LOWEST] = (byte) i;
    }
    return indices;
  }

  private static String[] words() {
    String[] words = new String[COUNT];
    for (int i = 0; i < KNOWN.length; i++) {
      words[i] = Integer.toString(KNOWN[i]);
    }
    words[KNOWN.length] = "other";
    return words;
  }
}
