package io.weir.core.http1;

import io.weir.core.http.Ascii;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;

/** Reads Transfer-Encoding strictly (RFC 9112 section 6.1). */
enum TransferCoding {
  ABSENT,
  /** One field that says {@code chunked} and nothing else. */
  CHUNKED,
  /** A list of other codings that ends with {@code chunked}: framed, but not for us to undo. */
  UNSUPPORTED,
  /** Anything else: where the body ends would be a guess. */
  INVALID;

  static TransferCoding of(Fields fields) {
    int field = fields.find(FieldName.TRANSFER_ENCODING, 0);
    if (field < 0) {
      return ABSENT;
    }
    if (fields.find(FieldName.TRANSFER_ENCODING, field + 1) >= 0) {
      return INVALID;
    }
    byte[] bytes = fields.bytes();
    int start = fields.valueStart(field);
    int end = fields.valueEnd(field);
    if (Ascii.equalsIgnoreCase(bytes, start, end, "chunked")) {
      return CHUNKED;
    }
    return isListOfTokensBeforeChunked(bytes, start, end) ? UNSUPPORTED : INVALID;
  }

  private static boolean isListOfTokensBeforeChunked(byte[] bytes, int start, int end) {
    int codings = 0;
    int chunked = 0;
    boolean lastIsChunked = false;
    int i = start;
    while (i <= end) {
      int comma = i;
      while (comma < end && bytes[comma] != ',') {
        comma++;
      }
      int from = i;
      int to = comma;
      while (from < to && bytes[from] == ' ') {
        from++;
      }
      while (to > from && bytes[to - 1] == ' ') {
        to--;
      }
      if (!Ascii.isToken(bytes, from, to)) {
        return false;
      }
      lastIsChunked = Ascii.equalsIgnoreCase(bytes, from, to, "chunked");
      chunked += lastIsChunked ? 1 : 0;
      codings++;
      i = comma + 1;
    }
    return lastIsChunked && chunked == 1 && codings > 1;
  }
}
