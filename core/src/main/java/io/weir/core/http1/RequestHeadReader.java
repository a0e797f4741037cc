package io.weir.core.http1;

import io.weir.core.http.Ascii;
import io.weir.core.http.Failure;
import io.weir.core.http.HttpVersion;
import io.weir.core.http.Method;
import io.weir.core.http.RequestHead;
import java.nio.charset.StandardCharsets;

/** Reads the head of a request (RFC 9112 section 3): {@code method SP target SP HTTP/1.x CRLF}. */
final class RequestHeadReader extends HeadReader {
  private final RequestHead head;

  RequestHeadReader() {
    this(new RequestHead());
  }

  private RequestHeadReader(RequestHead head) {
    super(head.fields());
    this.head = head;
  }

  RequestHead head() {
    return head;
  }

  @Override
  int startLine(byte[] bytes, int from, int end) {
    if (end - from == 1 && bytes[from] == '\r') {
      return INCOMPLETE;
    }
    int start = behindEmptyLine(bytes, from, end);
    int methodEnd = start;
    while (methodEnd < end && Ascii.isToken(bytes[methodEnd])) {
      methodEnd++;
    }
    if (methodEnd == end) {
      return INCOMPLETE;
    }
    if (methodEnd == start || bytes[methodEnd] != ' ') {
      return MALFORMED;
    }
    int target = methodEnd + 1;
    int targetEnd = target;
    while (targetEnd < end && Ascii.isTarget(bytes[targetEnd])) {
      targetEnd++;
    }
    if (targetEnd == end) {
      return INCOMPLETE;
    }
    if (targetEnd == target || bytes[targetEnd] != ' ') {
      return MALFORMED;
    }
    return version(bytes, start, methodEnd, targetEnd, end);
  }

  /** At least one empty line before a request line is ignored (RFC 9112 section 2.2): one is. */
  private static int behindEmptyLine(byte[] bytes, int from, int end) {
    boolean empty = end - from >= 2 && bytes[from] == '\r' && bytes[from + 1] == '\n';
    return empty ? from + 2 : from;
  }

  private int version(byte[] bytes, int start, int methodEnd, int targetEnd, int end) {
    int version = targetEnd + 1;
    if (end - version < 10) {
      return looksLikeVersion(bytes, version, end) ? INCOMPLETE : MALFORMED;
    }
    if (!looksLikeVersion(bytes, version, version + 8)) {
      return MALFORMED;
    }
    int after = lineEnd(bytes, version + 8, end);
    if (after == MALFORMED) {
      return MALFORMED;
    }
    if (bytes[version + 5] != '1') {
      return refuse(Failure.VERSION_NOT_SUPPORTED);
    }
    HttpVersion minor = bytes[version + 7] == '0' ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    String target =
        new String(bytes, methodEnd + 1, targetEnd - methodEnd - 1, StandardCharsets.ISO_8859_1);
    head.requestLine(Method.of(bytes, start, methodEnd), target, minor);
    return after;
  }

  /** Whether {@code bytes[from, end)} can become {@code HTTP/d.d CRLF}. */
  private static boolean looksLikeVersion(byte[] bytes, int from, int end) {
    for (int i = from; i < end; i++) {
      byte b = bytes[i];
      boolean fits =
          switch (i - from) {
            case 5, 7 -> Ascii.isDigit(b);
            case 8 -> b == '\r';
            case 9 -> b == '\n';
            default -> b == "HTTP/ . ".charAt(i - from);
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }
}
