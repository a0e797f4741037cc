package io.weir.core.exchange;

import io.weir.core.http.Ascii;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.Method;
import io.weir.core.http.RequestHead;

/** Counts Max-Forwards down for the two methods that it is for (RFC 9110 section 7.6.2). */
final class MaxForwards {
  /** Whatever is larger is counted down from here (RFC 9110 section 7.6.2 allows that). */
  private static final int MOST = 999_999_999;

  private MaxForwards() {}

  /** Whether the request ends here; otherwise each such field that there is says one less. */
  static boolean isSpent(RequestHead head) {
    if (!head.method().equals(Method.OPTIONS) && !head.method().equals("TRACE")) {
      return false;
    }
    Fields fields = head.fields();
    int field = fields.find(FieldName.MAX_FORWARDS, 0);
    while (field >= 0) {
      int start = fields.valueStart(field);
      int end = fields.valueEnd(field);
      int left = number(fields.bytes(), start, end);
      if (left == 0) {
        return true;
      }
      if (left > 0) {
        write(fields.bytes(), start, end, left - 1);
      }
      field = fields.find(FieldName.MAX_FORWARDS, field + 1);
    }
    return false;
  }

  /** -1 if it is no number: then it means nothing. */
  private static int number(byte[] bytes, int start, int end) {
    if (start == end) {
      return -1;
    }
    long value = 0;
    for (int i = start; i < end; i++) {
      if (!Ascii.isDigit(bytes[i])) {
        return -1;
      }
      value = Math.min(value * 10 + (bytes[i] - '0'), MOST);
    }
    return (int) value;
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
