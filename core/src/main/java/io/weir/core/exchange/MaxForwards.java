package io.weir.core.exchange;

import io.weir.core.http.Ascii;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.Method;
import io.weir.core.http.RequestHead;

/** Counts Max-Forwards down for the two methods that it is for (RFC 9110 section 7.6.2). */
final class MaxForwards {
  private static final int MAX_DIGITS = 9;

  private MaxForwards() {}

  /** Whether the request ends here; otherwise the field, if there is one, says one less. */
  static boolean isSpent(RequestHead head) {
    boolean counts = head.method().equals(Method.OPTIONS) || head.method().equals("TRACE");
    int field = counts ? head.fields().find(FieldName.MAX_FORWARDS, 0) : -1;
    if (field < 0) {
      return false;
    }
    Fields fields = head.fields();
    int start = fields.valueStart(field);
    int end = fields.valueEnd(field);
    int left = number(fields.bytes(), start, end);
    if (left > 0) {
      write(fields.bytes(), start, end, left - 1);
    }
    return left == 0;
  }

  /** -1 if it is no number: then it means nothing. */
  private static int number(byte[] bytes, int start, int end) {
    if (start == end || end - start > MAX_DIGITS) {
      return -1;
    }
    int value = 0;
    for (int i = start; i < end; i++) {
      if (!Ascii.isDigit(bytes[i])) {
        return -1;
      }
      value = value * 10 + (bytes[i] - '0');
    }
    return value;
  }

  /** In the place of the old number, with as many digits: zeros before it mean nothing. */
  private static void write(byte[] bytes, int start, int end, int value) {
    int rest = value;
    for (int i = end - 1; i >= start; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }
}
