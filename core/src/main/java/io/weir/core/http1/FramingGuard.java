package io.weir.core.http1;

import io.weir.core.http.BodyLength;
import io.weir.core.http.ContentLength;
import io.weir.core.http.Expectation;
import io.weir.core.http.Failure;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.HostField;
import io.weir.core.http.Method;
import io.weir.core.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request's head can be read in one way only, and how its body is framed. Nothing
 * that it refuses is seen by a rule, a route or a backend. Belongs to one loop.
 */
final class FramingGuard {
  private final HostField hosts = new HostField();

  /**
   * Checks a head that was read without fault and sets its host and framing.
   *
   * @param maxBody bytes of body allowed
   * @return null if it may pass
   */
  @Nullable Failure check(RequestHead head, long maxBody) {
    Failure failure = checkHost(head);
    if (failure != null) {
      return failure;
    }
    if (head.method().equals(Method.CONNECT)) {
      return Failure.METHOD_NOT_ALLOWED;
    }
    failure = Expectation.check(head);
    if (failure != null) {
      return failure;
    }
    return frame(head, maxBody);
  }

  /** Exactly one Host, which HTTP/1.0 may leave out (RFC 9112 section 3.2). */
  private @Nullable Failure checkHost(RequestHead head) {
    Fields fields = head.fields();
    int field = fields.find(FieldName.HOST, 0);
    if (field < 0) {
      return head.minorVersion() == 0 ? null : Failure.BAD_REQUEST;
    }
    if (fields.find(FieldName.HOST, field + 1) >= 0) {
      return Failure.BAD_REQUEST;
    }
    String host = hosts.read(fields, field);
    if (host == null) {
      return Failure.BAD_REQUEST;
    }
    head.host(host, field);
    return null;
  }

  /** How the body ends (RFC 9112 section 6.3), where there is exactly one answer. */
  private static @Nullable Failure frame(RequestHead head, long maxBody) {
    Fields fields = head.fields();
    TransferCoding coding = TransferCoding.of(fields);
    long length = ContentLength.of(fields);
    if (length == ContentLength.INVALID || coding == TransferCoding.INVALID) {
      return Failure.BAD_REQUEST;
    }
    boolean framedTwice = coding != TransferCoding.ABSENT && length != ContentLength.ABSENT;
    boolean chunksIn10 = coding != TransferCoding.ABSENT && head.minorVersion() == 0;
    if (framedTwice || chunksIn10) {
      return Failure.BAD_REQUEST;
    }
    if (coding == TransferCoding.UNSUPPORTED) {
      return Failure.NOT_IMPLEMENTED;
    }
    if (length > maxBody) {
      return Failure.BODY_TOO_LARGE;
    }
    long body = coding == TransferCoding.CHUNKED ? BodyLength.CHUNKED : length;
    boolean hasBody = body == BodyLength.CHUNKED || body > 0;
    boolean waits = hasBody && fields.find(FieldName.EXPECT, 0) >= 0;
    head.framing(body, isPersistent(head.minorVersion(), fields), waits);
    Upgrade.read(head);
    ConnectionFields.removeNamed(fields);
    return null;
  }

  static boolean isPersistent(int minorVersion, Fields fields) {
    return minorVersion == 0
        ? ConnectionFields.has(fields, "keep-alive") && !ConnectionFields.has(fields, "close")
        : !ConnectionFields.has(fields, "close");
  }
}
