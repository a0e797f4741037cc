package io.weir.core.http1;

import io.weir.core.http.Ascii;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;

/** The options that {@code Connection} fields list (RFC 9110 section 7.6.1). */
final class ConnectionFields {
  /** More is a game: who names so many loses all trailers, so that nothing is compared for long. */
  private static final int MOST_FOR_TRAILERS = 32;

  private ConnectionFields() {}

  /** Whether there is this option. */
  static boolean has(Fields head, String option) {
    byte[] bytes = head.bytes();
    for (int i = find(head, 0); i >= 0; i = find(head, i + 1)) {
      int end = head.valueEnd(i);
      for (int start = head.valueStart(i); start < end; ) {
        int comma = tokenEnd(bytes, start, end);
        int from = Ascii.trimStart(bytes, start, comma);
        if (Ascii.equalsIgnoreCase(bytes, from, Ascii.trimEnd(bytes, from, comma), option)) {
          return true;
        }
        start = comma + 1;
      }
    }
    return false;
  }

  /** Takes the fields out of a head that its options name. */
  static void removeNamed(Fields head) {
    removeNamed(head, head, Integer.MAX_VALUE);
  }

  /** Takes those out of the trailers of the same message. */
  static void removeNamed(Fields head, Fields trailers) {
    removeNamed(head, trailers, MOST_FOR_TRAILERS);
  }

  private static void removeNamed(Fields head, Fields from, int most) {
    byte[] bytes = head.bytes();
    int options = 0;
    for (int i = find(head, 0); i >= 0; i = find(head, i + 1)) {
      int end = head.valueEnd(i);
      for (int start = head.valueStart(i); start < end; ) {
        if (++options > most) {
          removeAll(from);
          return;
        }
        int comma = tokenEnd(bytes, start, end);
        int nameStart = Ascii.trimStart(bytes, start, comma);
        removeLike(bytes, nameStart, Ascii.trimEnd(bytes, nameStart, comma), from);
        start = comma + 1;
      }
    }
  }

  private static int find(Fields head, int from) {
    return head.find(FieldName.CONNECTION, from);
  }

  private static void removeLike(byte[] bytes, int start, int end, Fields from) {
    int length = end - start;
    for (int i = 0; i < from.count(); i++) {
      int at = from.nameStart(i);
      if (from.nameEnd(i) - at == length
          && length > 0
          && from.name(i).isRemovableByNomination()
          && from.name(i) != FieldName.CONNECTION
          && sameIgnoringCase(bytes, start, from.bytes(), at, length)) {
        from.remove(i);
      }
    }
  }

  private static void removeAll(Fields from) {
    for (int i = 0; i < from.count(); i++) {
      from.remove(i);
    }
  }

  private static boolean sameIgnoringCase(byte[] a, int atA, byte[] b, int atB, int n) {
    for (int i = 0; i < n; i++) {
      if (Ascii.lower(a[atA + i]) != Ascii.lower(b[atB + i])) {
        return false;
      }
    }
    return true;
  }

  private static int tokenEnd(byte[] bytes, int start, int end) {
    int i = start;
    while (i < end && bytes[i] != ',') {
      i++;
    }
    return i;
  }
}
