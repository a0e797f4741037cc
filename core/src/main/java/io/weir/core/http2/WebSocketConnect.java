package io.weir.core.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.util.AsciiString;
import io.weir.core.http.BodyLength;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.HttpVersion;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.WebSocketKey;
import org.jspecify.annotations.Nullable;

/**
 * The opening of a WebSocket on a stream to a backend (RFC 8441 section 5): a CONNECT, and a 2xx
 * that a client of HTTP/1 is told of as the 101 it waits for.
 */
final class WebSocketConnect {
  private static final int SWITCHING_PROTOCOLS = 101;

  /** 16 bytes in base64 (RFC 6455 section 4.2.1). */
  private static final int KEY_LENGTH = 24;

  private static final byte[] ACCEPT_LINE = (WebSocketKey.ACCEPT_NAME + ": ").getBytes(US_ASCII);

  /** The answer to the client's key; null where the client has none. */
  private final @Nullable String accept;

  private WebSocketConnect(@Nullable String accept) {
    this.accept = accept;
  }

  /** For a request that asks for a WebSocket; null if nobody could answer it. */
  static @Nullable WebSocketConnect of(RequestHead head) {
    if (head.version() == HttpVersion.HTTP_2) {
      return new WebSocketConnect(null); // its key is of our making, and for backends of HTTP/1
    }
    AsciiString key = head.fields().first(WebSocketKey.NAME);
    return key == null || key.length() != KEY_LENGTH
        ? null
        : new WebSocketConnect(WebSocketKey.accept(key.toString()));
  }

  /** Whether the backend says yes. */
  static boolean isGrantedBy(ResponseBlock block) {
    return !block.isMalformed() && block.statusCode() / 100 == 2;
  }

  /** Makes of the backend's yes what one of HTTP/1 would have said. */
  void grant(ResponseHead head) {
    Fields fields = head.fields();
    head.statusLine(SWITCHING_PROTOCOLS, 1, 0, 0);
    fields.removeAll(FieldName.CONTENT_LENGTH); // has no meaning here (RFC 9110 section 9.3.6)
    fields.removeAll(FieldName.SEC_WEBSOCKET_ACCEPT);
    if (accept != null) {
      fields.beginLine(ACCEPT_LINE);
      fields.append(accept);
      fields.endLine();
    }
    head.framing(BodyLength.NONE, true);
  }
}
