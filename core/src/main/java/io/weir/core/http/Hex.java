package io.weir.core.http;

/** Numbers as lower-case digits in base 16, of fixed length, in byte arrays. */
public final class Hex {
  /** Of one number. */
  public static final int DIGITS = 16;

  private static final byte[] LOWER = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private Hex() {}

  /** Writes all 16 digits at {@code at}. */
  public static void write(long number, byte[] into, int at) {
    for (int i = DIGITS - 1, rest = 0; i >= 0; i--, rest += 4) {
      into[at + i] = LOWER[(int) (number >>> rest) & 0xf];
    }
  }

  /** The number that 16 valid digits write. */
  public static long read(byte[] bytes, int start) {
    long number = 0;
    for (int i = start; i < start + DIGITS; i++) {
      number = number << 4 | Ascii.hexDigit(bytes[i]);
    }
    return number;
  }

  /** Whether {@code bytes[start, end)} are digits, and not all of them zero. */
  static boolean isNumber(byte[] bytes, int start, int end) {
    boolean zero = true;
    for (int i = start; i < end; i++) {
      if (!isDigit(bytes[i])) {
        return false;
      }
      zero &= bytes[i] == '0';
    }
    return !zero;
  }

  static boolean isDigit(byte b) {
    return Ascii.isDigit(b) || (b >= 'a' && b <= 'f');
  }
}
