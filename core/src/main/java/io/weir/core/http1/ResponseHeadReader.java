package io.weir.core.http1;

import io.weir.core.http.Ascii;
import io.weir.core.http.ResponseHead;

/** Reads the head of a response (RFC 9112 section 4): {@code HTTP/1.x SP code SP reason CRLF}. */
final class ResponseHeadReader extends HeadReader {
  private static final int REASON = "HTTP/1.1 200 ".length();

  private final ResponseHead head;

  ResponseHeadReader() {
    this(new ResponseHead());
  }

  private ResponseHeadReader(ResponseHead head) {
    super(head.fields());
    this.head = head;
  }

  ResponseHead head() {
    return head;
  }

  @Override
  int startLine(byte[] bytes, int from, int end) {
    for (int i = from; i < Math.min(end, from + REASON - 1); i++) {
      if (!fits(bytes[i], i - from)) {
        return MALFORMED;
      }
    }
    if (end - from < REASON) {
      return INCOMPLETE;
    }
    // Many backends leave out the space behind the code together with the reason.
    boolean reasonLess = bytes[from + REASON - 1] == '\r';
    if (!reasonLess && bytes[from + REASON - 1] != ' ') {
      return MALFORMED;
    }
    int reason = reasonLess ? from + REASON - 1 : from + REASON;
    int reasonEnd = reason;
    while (reasonEnd < end && Ascii.isFieldValue(bytes[reasonEnd])) {
      reasonEnd++;
    }
    int after = lineEnd(bytes, reasonEnd, end);
    if (after < 0) {
      return after;
    }
    int status =
        (bytes[from + 9] - '0') * 100 + (bytes[from + 10] - '0') * 10 + (bytes[from + 11] - '0');
    if (status < 100) {
      return MALFORMED;
    }
    head.statusLine(status, bytes[from + 7] == '0' ? 0 : 1, reason, reasonEnd);
    return after;
  }

  private static boolean fits(byte b, int position) {
    return switch (position) {
      case 7, 9, 10, 11 -> Ascii.isDigit(b);
      case 8 -> b == ' ';
      default -> b == "HTTP/1.".charAt(position);
    };
  }
}
