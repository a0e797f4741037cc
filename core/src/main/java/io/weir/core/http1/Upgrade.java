package io.weir.core.http1;

import io.netty.util.AsciiString;
import io.weir.core.http.Ascii;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.HttpVersion;
import io.weir.core.http.Method;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.WebSocketKey;
import org.jspecify.annotations.Nullable;

/**
 * Reads the changes of protocol that are passed on (RFC 9110 section 7.8): to a WebSocket (RFC 6455
 * section 4), and to any one other that is not HTTP again.
 *
 * <p>What speaks HTTP stays here as a field of one hop: a backend that went on as h2c would take
 * requests that no rule has seen. So does TLS, in which it could.
 */
final class Upgrade {
  private static final String OPTION = "upgrade";
  private static final String WEBSOCKET = "websocket";
  private static final String HTTP = "http";
  private static final String TLS = "tls";

  /** What the versions of HTTP that have no name of their own begin with: h2, h2c, h3, h3-29. */
  private static final String HTTP_2 = "h2";

  private static final String HTTP_3 = "h3";

  private Upgrade() {}

  /** Finds out what a request asks for. */
  static void read(RequestHead head) {
    Fields fields = head.fields();
    int field = fields.find(FieldName.UPGRADE, 0);
    if (field < 0
        || head.minorVersion() == 0
        || fields.find(FieldName.UPGRADE, field + 1) >= 0
        || !ConnectionFields.has(fields, OPTION)) {
      return;
    }
    if (isNamed(fields, field, WEBSOCKET)) {
      head.asksForWebSocket(head.method().equals(Method.GET) && !head.hasBody());
    } else if (mayPass(fields.bytes(), fields.valueStart(field), fields.valueEnd(field))) {
      head.asksForUpgrade(field);
    }
  }

  /**
   * Whether it is one protocol, with or without a version, that is not to be kept from backends.
   */
  private static boolean mayPass(byte[] bytes, int start, int end) {
    int nameEnd = start;
    while (nameEnd < end && bytes[nameEnd] != '/') {
      nameEnd++;
    }
    boolean versionFits = nameEnd == end || Ascii.isToken(bytes, nameEnd + 1, end);
    return Ascii.isToken(bytes, start, nameEnd)
        && versionFits
        && !Ascii.equalsIgnoreCase(bytes, start, nameEnd, HTTP)
        && !Ascii.equalsIgnoreCase(bytes, start, nameEnd, TLS)
        && !begins(bytes, start, nameEnd, HTTP_2)
        && !begins(bytes, start, nameEnd, HTTP_3);
  }

  private static boolean begins(byte[] bytes, int start, int end, String lower) {
    return Ascii.equalsIgnoreCase(bytes, start, Math.min(end, start + lower.length()), lower);
  }

  /** What a backend that changes the protocol must name; null if it must not. */
  static @Nullable String asked(RequestHead head) {
    if (head.isWebSocket()) {
      return WEBSOCKET;
    }
    int field = head.upgradeField();
    return field < 0 ? null : head.fields().value(field).toLowerCase().toString();
  }

  /** What a backend must answer to a key that we made for a client of HTTP/2; else null. */
  static @Nullable String expectedAnswer(RequestHead head) {
    if (!head.isWebSocket() || head.version() != HttpVersion.HTTP_2) {
      return null;
    }
    return WebSocketKey.accept(String.valueOf(head.fields().first(WebSocketKey.NAME)));
  }

  /** Whether a backend that changes the protocol means this request. */
  static boolean isAnswered(ResponseHead head, @Nullable String expected) {
    if (expected == null || !head.isSwitching()) {
      return true;
    }
    AsciiString answer = head.fields().first(WebSocketKey.ACCEPT_NAME);
    return answer != null && answer.contentEquals(expected);
  }

  /** Whether the fields name that protocol, in lower case, and nothing else. */
  static boolean isNamedIn(Fields fields, String protocol) {
    int field = fields.find(FieldName.UPGRADE, 0);
    return field >= 0
        && fields.find(FieldName.UPGRADE, field + 1) < 0
        && isNamed(fields, field, protocol)
        && ConnectionFields.has(fields, OPTION);
  }

  private static boolean isNamed(Fields fields, int field, String lower) {
    return Ascii.equalsIgnoreCase(
        fields.bytes(), fields.valueStart(field), fields.valueEnd(field), lower);
  }
}
