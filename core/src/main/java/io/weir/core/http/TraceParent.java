package io.weir.core.http;

/**
 * The value of a {@code traceparent} field: {@code 00-}32 digits{@code -}16 digits{@code -}2 digits
 * in base 16 (W3C Trace Context, section 3.2).
 */
public final class TraceParent {
  /** Of version 00; later versions may go on behind another dash. */
  public static final int LENGTH = 55;

  public static final int TRACE = 3;
  public static final int PARENT = 36;
  public static final int FLAGS = 53;

  private TraceParent() {}

  /** Whether it can be believed: ids of the right length that are not all zeros. */
  public static boolean isValid(byte[] bytes, int start, int end) {
    int length = end - start;
    if (length < LENGTH || (length > LENGTH && bytes[start + LENGTH] != '-')) {
      return false;
    }
    boolean first = bytes[start] == '0' && bytes[start + 1] == '0';
    boolean invalid = bytes[start] == 'f' && bytes[start + 1] == 'f';
    return (first ? length == LENGTH : !invalid && areDigits(bytes, start, start + 2))
        && bytes[start + TRACE - 1] == '-'
        && Hex.isNumber(bytes, start + TRACE, start + PARENT - 1)
        && bytes[start + PARENT - 1] == '-'
        && Hex.isNumber(bytes, start + PARENT, start + FLAGS - 1)
        && bytes[start + FLAGS - 1] == '-'
        && areDigits(bytes, start + FLAGS, start + LENGTH);
  }

  private static boolean areDigits(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!Hex.isDigit(bytes[i])) {
        return false;
      }
    }
    return true;
  }
}
