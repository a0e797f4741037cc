package io.weir.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Whether what came where a ClientHello was expected begins like a request of HTTP. */
enum PlainRequest {
  NO,
  /** So far, but it is not even a method. */
  UNFINISHED,
  YES;

  /** Each with the space behind it: the methods of RFC 9110 section 9.3 and of RFC 5789. */
  private static final byte[][] METHODS = {
    bytes("GET "),
    bytes("HEAD "),
    bytes("POST "),
    bytes("PUT "),
    bytes("DELETE "),
    bytes("CONNECT "),
    bytes("OPTIONS "),
    bytes("TRACE "),
    bytes("PATCH ")
  };

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static PlainRequest in(ByteBuf start) {
    for (byte[] method : METHODS) {
      int length = Math.min(method.length, start.readableBytes());
      if (begins(start, method, length)) {
        return length == method.length ? YES : UNFINISHED;
      }
    }
    return NO;
  }

  private static boolean begins(ByteBuf start, byte[] method, int length) {
    for (int i = 0; i < length; i++) {
      if (start.getByte(start.readerIndex() + i) != method[i]) {
        return false;
      }
    }
    return true;
  }
}
