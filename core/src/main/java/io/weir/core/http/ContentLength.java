package io.weir.core.http;

/**
 * Reads Content-Length strictly: one field, digits only, no overflow. Several fields or a list are
 * refused even where all agree, as RFC 9112 section 6.3 allows.
 */
public final class ContentLength {
  public static final long ABSENT = -1;
  public static final long INVALID = -2;

  /** 10^18 - 1 bytes; nineteen digits could overflow, and nobody has an exabyte. */
  private static final int MAX_DIGITS = 18;

  private ContentLength() {}

  public static long of(Fields fields) {
    int field = fields.find(FieldName.CONTENT_LENGTH, 0);
    if (field < 0) {
      return ABSENT;
    }
    int start = fields.valueStart(field);
    int end = fields.valueEnd(field);
    boolean single = fields.find(FieldName.CONTENT_LENGTH, field + 1) < 0;
    if (!single || start == end || end - start > MAX_DIGITS) {
      return INVALID;
    }
    byte[] bytes = fields.bytes();
    long length = 0;
    for (int i = start; i < end; i++) {
      if (!Ascii.isDigit(bytes[i])) {
        return INVALID;
      }
      length = length * 10 + (bytes[i] - '0');
    }
    return length;
  }
}
