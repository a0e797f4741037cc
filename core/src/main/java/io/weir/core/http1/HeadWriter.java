package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.weir.core.http.BodyLength;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.ForwardedFor;
import io.weir.core.http.HttpVersion;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.Method;
import io.weir.core.http.NameSet;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseHead;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes heads and chunk framing: field lines are copied in runs, only framing is made anew. */
final class HeadWriter {
  private static final byte[] HTTP_1_1 = ascii("HTTP/1.1 ");
  private static final byte[] REQUEST_LINE_END = ascii(" HTTP/1.1\r\nHost: ");
  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] FORWARDED_HOST = ascii("X-Forwarded-Host: ");
  private static final byte[] VIA_1_1 = ascii("Via: 1.1 weir\r\n");
  private static final byte[] VIA_1_0 = ascii("Via: 1.0 weir\r\n");
  private static final byte[] VIA_2_0 = ascii("Via: 2.0 weir\r\n");
  private static final byte[] CRLF = ascii("\r\n");
  private static final byte[] WEBSOCKET = ascii("Connection: upgrade\r\nUpgrade: websocket\r\n");
  private static final byte[] UPGRADE = ascii("Connection: upgrade\r\nUpgrade: ");
  private static final byte[] LAST_CHUNK = ascii("0\r\n");
  private static final byte[] HEX = ascii("0123456789abcdef");

  private HeadWriter() {}

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** A request to a backend, always HTTP/1.1 (RFC 9112 section 2.3). */
  static void request(
      RequestHead head, String target, ForwardedFor forwarded, boolean via, ByteBuf out) {
    Fields fields = head.fields();
    out.writeCharSequence(head.method(), StandardCharsets.US_ASCII);
    out.writeByte(' ');
    out.writeCharSequence(target, StandardCharsets.ISO_8859_1);
    out.writeBytes(REQUEST_LINE_END);
    host(head, out);
    fields.writeLines(out, forwarded.replaced());
    if (forwarded.adds(head, FieldName.X_FORWARDED_FOR)) {
      out.writeBytes(forwarded.clientLine());
    }
    if (forwarded.adds(head, FieldName.X_FORWARDED_PROTO)) {
      out.writeBytes(forwarded.protocolLine());
    }
    if (head.hostField() >= 0 && forwarded.adds(head, FieldName.X_FORWARDED_HOST)) {
      out.writeBytes(FORWARDED_HOST);
      host(head, out);
    }
    if (via) {
      out.writeBytes(via(head.version()));
    }
    framing(head.bodyLength(), out);
    if (head.isWebSocket()) {
      out.writeBytes(WEBSOCKET);
    } else if (head.upgradeField() >= 0) {
      upgrade(fields, head.upgradeField(), out);
    }
    out.writeBytes(CRLF);
  }

  private static void upgrade(Fields fields, int field, ByteBuf out) {
    int start = fields.valueStart(field);
    out.writeBytes(UPGRADE);
    out.writeBytes(fields.bytes(), start, fields.valueEnd(field) - start);
    out.writeBytes(CRLF);
  }

  private static byte[] via(HttpVersion received) {
    return switch (received) {
      case HTTP_1_0 -> VIA_1_0;
      case HTTP_1_1 -> VIA_1_1;
      case HTTP_2 -> VIA_2_0;
    };
  }

  private static void host(RequestHead head, ByteBuf out) {
    int field = head.hostField();
    if (field >= 0) {
      Fields fields = head.fields();
      int start = fields.valueStart(field);
      out.writeBytes(fields.bytes(), start, fields.valueEnd(field) - start);
    }
    out.writeBytes(CRLF);
  }

  private static void framing(long length, ByteBuf out) {
    if (length == BodyLength.CHUNKED) {
      out.writeBytes(CHUNKED);
    } else if (length >= 0) {
      contentLength(length, out);
    }
  }

  /**
   * The head of a response.
   *
   * @param chunked whether the body is sent in chunks
   * @param date a Date line for a response without one (RFC 9110 section 6.6.1)
   */
  static void response(
      ResponseHead head, boolean chunked, ConnectionOption option, byte[] date, ByteBuf out) {
    Fields fields = head.fields();
    out.writeBytes(HTTP_1_1);
    decimal(head.status(), out);
    out.writeByte(' ');
    out.writeBytes(fields.bytes(), head.reasonStart(), head.reasonEnd() - head.reasonStart());
    out.writeBytes(CRLF);
    fields.writeLines(out, NameSet.NOT_IN_RESPONSES);
    if (!head.isInterim() && fields.find(FieldName.DATE, 0) < 0) {
      out.writeBytes(date);
    }
    if (chunked) {
      out.writeBytes(CHUNKED);
    } else if (head.bodyLength() == 0 && fields.find(FieldName.CONTENT_LENGTH, 0) < 0) {
      contentLength(0, out); // HTTP/2 says it otherwise
    }
    if (head.isSwitching()) {
      switched(fields, out);
    } else {
      option.write(out);
    }
    out.writeBytes(CRLF);
  }

  /** To what; a stream of HTTP/2 can only have become a WebSocket, and does not say so. */
  private static void switched(Fields fields, ByteBuf out) {
    int field = fields.find(FieldName.UPGRADE, 0);
    if (field >= 0) {
      upgrade(fields, field, out);
    } else {
      out.writeBytes(WEBSOCKET);
    }
  }

  /** The head of a response of ours; whether a body follows. */
  static boolean local(
      LocalResponse response, String method, ConnectionOption option, byte[] date, ByteBuf out) {
    out.writeBytes(HTTP_1_1);
    decimal(response.status(), out);
    out.writeByte(' ');
    out.writeCharSequence(response.reason(), StandardCharsets.US_ASCII);
    out.writeBytes(CRLF);
    out.writeBytes(response.lines());
    out.writeBytes(date);
    boolean bodyAllowed = response.status() != 204 && response.status() != 304;
    if (bodyAllowed) {
      contentLength(response.bodyLength(), out);
    }
    option.write(out);
    out.writeBytes(CRLF);
    return bodyAllowed && !method.equals(Method.HEAD);
  }

  /** The line before a chunk's data. */
  static void chunkSize(int size, ByteBuf out) {
    int shift = (31 - Integer.numberOfLeadingZeros(size | 1)) & ~3;
    for (; shift >= 0; shift -= 4) {
      out.writeByte(HEX[(size >>> shift) & 0xf]);
    }
    out.writeBytes(CRLF);
  }

  /** The last chunk and the trailers that may be sent on. */
  static void lastChunk(@Nullable Fields trailers, ByteBuf out) {
    out.writeBytes(LAST_CHUNK);
    if (trailers != null) {
      trailers.writeLines(out, NameSet.NOT_IN_TRAILERS);
    }
    out.writeBytes(CRLF);
  }

  static byte[] crlf() {
    return CRLF;
  }

  private static void contentLength(long length, ByteBuf out) {
    out.writeBytes(CONTENT_LENGTH);
    decimal(length, out);
    out.writeBytes(CRLF);
  }

  private static void decimal(long value, ByteBuf out) {
    long divisor = 1;
    while (value / divisor >= 10) {
      divisor *= 10;
    }
    for (; divisor > 0; divisor /= 10) {
      out.writeByte((int) ('0' + value / divisor % 10));
    }
  }
}
