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
 * Reads the one change of protocol that is passed on (RFC 9110 section 7.8, RFC 6455 section 4).
 *
 * <p>Any other stays here as a field of one hop: a backend that went on as h2c, say, would take
 * requests that no rule has seen.
 */
final class WebSocketUpgrade {
  private static final String OPTION = "upgrade";
  private static final String PROTOCOL = "websocket";

  private WebSocketUpgrade() {}

  /** Whether a request asks for it; to be called before nominated fields are removed. */
  static boolean isAskedBy(RequestHead head) {
    return head.minorVersion() > 0
        && head.method().equals(Method.GET)
        && !head.hasBody()
        && isNamedIn(head.fields());
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

  /** Whether the fields name it, and nothing else. */
  static boolean isNamedIn(Fields fields) {
    int field = fields.find(FieldName.UPGRADE, 0);
    return field >= 0
        && fields.find(FieldName.UPGRADE, field + 1) < 0
        && Ascii.equalsIgnoreCase(
            fields.bytes(), fields.valueStart(field), fields.valueEnd(field), PROTOCOL)
        && fields.connectionHas(OPTION);
  }
}
