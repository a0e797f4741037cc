package io.weir.core.http2;

import io.weir.core.http.BodyLength;
import io.weir.core.http.ContentLength;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.ResponseHead;

/**
 * Decides whether a backend's head can be read in one way only, and makes it what HTTP/1 would have
 * brought. What it refuses is answered 502.
 */
final class ResponseGuard {
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private ResponseGuard() {}

  /**
   * Checks a block and sets the framing of the head that its fields lie in.
   *
   * @param toHead whether it answers a HEAD request
   * @param ends whether no body follows
   * @return false if it must not be passed on
   */
  static boolean check(ResponseBlock block, ResponseHead head, boolean toHead, boolean ends) {
    if (block.isMalformed()) {
      return false;
    }
    head.statusLine(block.statusCode(), 1, 0, 0);
    if (head.isSwitching() || (head.isInterim() && ends)) {
      return false; // RFC 9113 sections 8.6 and 8.1
    }
    Fields fields = head.fields();
    long length = ContentLength.of(fields);
    if (length == ContentLength.INVALID) {
      return false;
    }
    boolean bodyForbidden = head.isInterim() || head.status() == NO_CONTENT;
    if (bodyForbidden && length > 0) {
      return false; // RFC 9110 section 8.6: must not be sent
    }
    if (bodyForbidden && length == 0) {
      fields.remove(fields.find(FieldName.CONTENT_LENGTH, 0));
    }
    long body = length == ContentLength.ABSENT ? BodyLength.CHUNKED : length;
    if (bodyForbidden || toHead || head.status() == NOT_MODIFIED) {
      body = BodyLength.NONE;
    } else if (ends && length > 0) {
      return false; // RFC 9113 section 8.1.1
    } else if (ends) {
      body = 0;
    }
    head.framing(body, true);
    head.trailersMayFollow(body == 0 && !ends);
    return true;
  }
}
