package io.weir.core.http1;

import io.weir.core.http.BodyLength;
import io.weir.core.http.ContentLength;
import io.weir.core.http.FieldName;
import io.weir.core.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a response's head can be read in one way only, and how its body is framed. What
 * it refuses is answered 502: nothing malformed from a backend reaches a client.
 */
final class ResponseFramingGuard {
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private ResponseFramingGuard() {}

  /**
   * Checks a head that was read without fault and sets its framing (RFC 9112 section 6.3).
   *
   * @param toHead whether it answers a HEAD request
   * @param asked the protocol to which the request asked to change, in lower case; null if none
   * @return false if it must not be passed on
   */
  static boolean check(ResponseHead head, boolean toHead, @Nullable String asked) {
    int status = head.status();
    if (head.isSwitching() && (asked == null || !Upgrade.isNamedIn(head.fields(), asked))) {
      return false; // to what nobody asked for
    }
    TransferCoding coding = TransferCoding.of(head.fields());
    long length = ContentLength.of(head.fields());
    if (length == ContentLength.INVALID
        || coding == TransferCoding.INVALID
        || coding == TransferCoding.UNSUPPORTED) {
      return false;
    }
    boolean chunked = coding == TransferCoding.CHUNKED;
    boolean framedTwice = chunked && length != ContentLength.ABSENT;
    if (framedTwice || (chunked && head.minorVersion() == 0)) {
      return false;
    }
    boolean bodyForbidden = status < 200 || status == NO_CONTENT;
    if (bodyForbidden && (chunked || length > 0)) {
      return false; // RFC 9110 section 8.6 and RFC 9112 section 6.1: must not be sent
    }
    if (bodyForbidden && length == 0) {
      head.fields().remove(head.fields().find(FieldName.CONTENT_LENGTH, 0));
    }
    boolean persistent = FramingGuard.isPersistent(head.minorVersion(), head.fields());
    long body = chunked ? BodyLength.CHUNKED : length;
    if (bodyForbidden || toHead || status == NOT_MODIFIED) {
      body = BodyLength.NONE;
    } else if (!chunked && length == ContentLength.ABSENT) {
      body = BodyLength.UNTIL_CLOSE;
      persistent = false;
    }
    if (head.isSwitching()) {
      body = BodyLength.UNTIL_CLOSE; // whatever it is, it is no HTTP
      persistent = false;
    }
    head.framing(body, persistent);
    ConnectionFields.removeNamed(head.fields());
    return true;
  }
}
