package io.weir.core.http2;

import io.netty.util.AsciiString;
import io.weir.core.http.BodyLength;
import io.weir.core.http.ContentLength;
import io.weir.core.http.Expectation;
import io.weir.core.http.Failure;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.HostField;
import io.weir.core.http.HttpLimits;
import io.weir.core.http.HttpVersion;
import io.weir.core.http.Method;
import io.weir.core.http.RequestHead;
import io.weir.core.http.WebSocketKey;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request's head can be read in one way only, and makes it what HTTP/1 would have
 * brought. Nothing that it refuses is seen by a rule, a route or a backend. Belongs to one loop.
 */
final class RequestGuard {
  private static final AsciiString HOST = AsciiString.cached("host");
  private static final AsciiString COOKIE = AsciiString.cached("cookie");
  private static final byte[] CRUMB_SEPARATOR = "; ".getBytes(StandardCharsets.US_ASCII);

  private static final String WEBSOCKET = "websocket";
  private static final AsciiString KEY = AsciiString.cached(WebSocketKey.NAME);

  private final RandomGenerator random;
  private final HostField hosts = new HostField();

  /**
   * For one loop.
   *
   * @param random for the keys of WebSockets, which need not be secret (RFC 6455 section 10.3)
   */
  RequestGuard(RandomGenerator random) {
    this.random = random;
  }

  /** What is to be done with a request. */
  enum Verdict {
    FINE,
    /** It breaks a rule of HTTP/2: its stream is reset (RFC 9113 section 8.1.1). */
    MALFORMED,
    /** It is well-formed and answered by us, see {@link #failure}. */
    REFUSED
  }

  private Failure failure = Failure.BAD_REQUEST;

  /** Why the last request was refused. */
  Failure failure() {
    return failure;
  }

  /**
   * Checks a block and fills in the head that its fields lie in.
   *
   * @param ends whether no body follows
   */
  Verdict check(FieldBlock block, RequestHead head, boolean ends, HttpLimits limits) {
    String method = block.requestMethod();
    AsciiString path = block.requestPath();
    head.requestLine(
        method == null ? "" : method, path == null ? "" : path.toString(), HttpVersion.HTTP_2);
    if (block.isMalformed()) {
      return Verdict.MALFORMED;
    }
    if (block.isTooLarge()) {
      return refuse(block.hasLongTarget() ? Failure.TARGET_TOO_LONG : Failure.HEAD_TOO_LARGE);
    }
    if (method == null) {
      return Verdict.MALFORMED;
    }
    AsciiString protocol = block.requestProtocol();
    if (method.equals(Method.CONNECT) && protocol == null) {
      return connect(block);
    }
    if (protocol != null && !method.equals(Method.CONNECT)) {
      return Verdict.MALFORMED;
    }
    if (!isOrigin(block, method, path)) {
      return Verdict.MALFORMED;
    }
    Verdict verdict = host(block.requestAuthority(), head);
    if (verdict != Verdict.FINE) {
      return verdict;
    }
    Failure expectation = Expectation.check(head);
    if (expectation != null) {
      return refuse(expectation);
    }
    head.fields().joinLines(FieldName.COOKIE, COOKIE, CRUMB_SEPARATOR); // section 8.2.3
    if (protocol == null) {
      return frame(head, ends, limits);
    }
    return protocol.contentEqualsIgnoreCase(WEBSOCKET)
        ? webSocket(block, head)
        : refuse(Failure.NOT_IMPLEMENTED);
  }

  private Verdict refuse(Failure why) {
    failure = why;
    return Verdict.REFUSED;
  }

  /** A plain CONNECT has an authority alone (RFC 9113 section 8.5), and is not for a gateway. */
  private Verdict connect(FieldBlock block) {
    boolean wellFormed =
        block.requestScheme() == null
            && block.requestPath() == null
            && block.requestAuthority() != null;
    return wellFormed ? refuse(Failure.METHOD_NOT_ALLOWED) : Verdict.MALFORMED;
  }

  /**
   * What a CONNECT with {@code :protocol} asks for is on HTTP/1 a GET that asks for an upgrade (RFC
   * 8441 section 5), and so rules, routes and backends see it. Its key is for the backend's answer.
   */
  private Verdict webSocket(FieldBlock block, RequestHead head) {
    if (block.requestAuthority() == null) {
      return Verdict.MALFORMED;
    }
    head.requestLine(Method.GET, head.target(), HttpVersion.HTTP_2);
    Fields fields = head.fields();
    for (int i = 0; i < fields.count(); i++) {
      if (fields.isNamed(i, WebSocketKey.NAME)) {
        fields.remove(i);
      }
    }
    fields.addLine(KEY, AsciiString.of(WebSocketKey.next(random)));
    fields.removeAll(FieldName.CONTENT_LENGTH); // which a CONNECT does not have
    head.asksForWebSocket(true);
    head.framing(BodyLength.NONE, true, false);
    return Verdict.FINE;
  }

  /** Scheme and path as a gateway for http and https can take them (section 8.3.1). */
  private static boolean isOrigin(FieldBlock block, String method, @Nullable AsciiString path) {
    AsciiString scheme = block.requestScheme();
    if (scheme == null || path == null || path.isEmpty()) {
      return false;
    }
    boolean ours =
        scheme.contentEqualsIgnoreCase("https") || scheme.contentEqualsIgnoreCase("http");
    boolean serverWide = method.equals(Method.OPTIONS) && path.contentEquals("*");
    return ours && (path.byteAt(0) == '/' || serverWide);
  }

  /** The authority is the host; a Host beside it must say the same (section 8.3.1). */
  private Verdict host(@Nullable AsciiString authority, RequestHead head) {
    Fields fields = head.fields();
    int field = fields.find(FieldName.HOST, 0);
    if (field >= 0 && fields.find(FieldName.HOST, field + 1) >= 0) {
      return Verdict.MALFORMED;
    }
    if (authority != null) {
      if (field >= 0) {
        if (!fields.value(field).contentEqualsIgnoreCase(authority)) {
          return Verdict.MALFORMED;
        }
        fields.remove(field);
      }
      fields.addLine(HOST, authority);
      field = fields.count() - 1;
    }
    String host = field < 0 ? null : hosts.read(fields, field);
    if (host == null) {
      return refuse(Failure.BAD_REQUEST);
    }
    head.host(host, field);
    return Verdict.FINE;
  }

  private Verdict frame(RequestHead head, boolean ends, HttpLimits limits) {
    Fields fields = head.fields();
    long length = ContentLength.of(fields);
    if (length == ContentLength.INVALID || (ends && length > 0)) {
      return Verdict.MALFORMED;
    }
    if (length > limits.maxBodyBytes()) {
      return refuse(Failure.BODY_TOO_LARGE);
    }
    long body = length;
    if (length == ContentLength.ABSENT) {
      body = ends ? lengthOfNothing(head.method()) : BodyLength.CHUNKED;
    }
    boolean hasBody = body > 0 || body == BodyLength.CHUNKED;
    head.framing(body, true, hasBody && fields.find(FieldName.EXPECT, 0) >= 0);
    return Verdict.FINE;
  }

  /** A method that is about its body says that there is none (RFC 9110 section 8.6). */
  private static long lengthOfNothing(String method) {
    return switch (method) {
      case "POST", "PUT", "PATCH" -> 0;
      default -> BodyLength.NONE;
    };
  }
}
