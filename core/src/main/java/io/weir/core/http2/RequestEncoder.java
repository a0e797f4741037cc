package io.weir.core.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.Ascii;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.ForwardedFor;
import io.weir.core.http.HttpVersion;
import io.weir.core.http.Method;
import io.weir.core.http.NameSet;
import io.weir.core.http.RequestHead;

/**
 * Writes heads and trailers of requests as field blocks (RFC 9113 section 8.3.1). Confined to its
 * loop.
 */
final class RequestEncoder extends BlockEncoder {
  private static final int AUTHORITY = 1;
  private static final int METHOD = 2;
  private static final int METHOD_GET = 2;
  private static final int METHOD_POST = 3;
  private static final int PATH = 4;
  private static final int PATH_ROOT = 4;
  private static final int SCHEME_HTTP = 6;
  private static final int SCHEME_HTTPS = 7;
  private static final int VIA = 60;

  private static final String CONNECT = "CONNECT";
  private static final byte[] PROTOCOL = ":protocol".getBytes(US_ASCII);
  private static final byte[] WEBSOCKET = "websocket".getBytes(US_ASCII);
  private static final String TRAILERS = "trailers";
  private static final byte[] TE_TRAILERS = "te: trailers\r\n".getBytes(US_ASCII);
  private static final byte[] FORWARDED_HOST = "x-forwarded-host".getBytes(US_ASCII);

  private final boolean tls;
  private final String backend;

  /**
   * For one connection.
   *
   * @param tls which says the scheme
   * @param backend the authority of requests without one, which only HTTP/1.0 has
   */
  RequestEncoder(boolean tls, String backend) {
    this.tls = tls;
    this.backend = backend;
  }

  /**
   * A request's head.
   *
   * @param via whether it tells of us
   */
  void request(RequestHead head, String target, ForwardedFor forwarded, boolean via, ByteBuf out) {
    begin(out);
    if (head.isWebSocket()) {
      value(METHOD, CONNECT, out);
      named(PROTOCOL, WEBSOCKET, 0, WEBSOCKET.length, out);
    } else {
      method(head.method(), out);
    }
    indexed(tls ? SCHEME_HTTPS : SCHEME_HTTP, out);
    authority(head, out);
    if (target.equals("/")) {
      indexed(PATH_ROOT, out);
    } else {
      value(PATH, target, out);
    }
    Fields fields = head.fields();
    fields(fields, replaced(head, forwarded), out);
    if (takesTrailers(fields)) {
      lines(TE_TRAILERS, out);
    }
    if (forwarded.adds(head, FieldName.X_FORWARDED_FOR)) {
      lines(forwarded.clientLine(), out);
    }
    if (forwarded.adds(head, FieldName.X_FORWARDED_PROTO)) {
      lines(forwarded.protocolLine(), out);
    }
    if (head.hostField() >= 0 && forwarded.adds(head, FieldName.X_FORWARDED_HOST)) {
      int host = head.hostField();
      named(FORWARDED_HOST, fields.bytes(), fields.valueStart(host), fields.valueEnd(host), out);
    }
    if (via) {
      value(VIA, via(head.version()), out);
    }
    if (head.bodyLength() >= 0) {
      contentLength(head.bodyLength(), out);
    }
  }

  /** A key is for a handshake of HTTP/1: here the backend's 2xx is answer enough (RFC 8441). */
  private static NameSet replaced(RequestHead head, ForwardedFor forwarded) {
    NameSet replaced = forwarded.replaced();
    return head.isWebSocket() ? replaced.with(FieldName.SEC_WEBSOCKET_KEY) : replaced;
  }

  private static void method(String method, ByteBuf out) {
    switch (method) {
      case Method.GET -> indexed(METHOD_GET, out);
      case "POST" -> indexed(METHOD_POST, out);
      default -> value(METHOD, method, out);
    }
  }

  private void authority(RequestHead head, ByteBuf out) {
    int host = head.hostField();
    Fields fields = head.fields();
    if (host < 0 || fields.valueStart(host) == fields.valueEnd(host)) {
      value(AUTHORITY, backend, out);
    } else {
      value(AUTHORITY, fields.bytes(), fields.valueStart(host), fields.valueEnd(host), out);
    }
  }

  /** The only word of TE that HTTP/2 has (RFC 9113 section 8.2.2). */
  private static boolean takesTrailers(Fields fields) {
    int te = fields.find(FieldName.TE, 0);
    return te >= 0
        && Ascii.equalsIgnoreCase(
            fields.bytes(), fields.valueStart(te), fields.valueEnd(te), TRAILERS);
  }

  private static String via(HttpVersion received) {
    return switch (received) {
      case HTTP_1_0 -> "1.0 weir";
      case HTTP_1_1 -> "1.1 weir";
      case HTTP_2 -> "2.0 weir";
    };
  }
}
