package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** What a response says about the life of its connection. */
@SuppressWarnings("ImmutableEnumChecker") // the bytes are never written
enum ConnectionOption {
  /** Nothing: HTTP/1.1 lives on by default. */
  SILENT(""),
  STAYS("Connection: keep-alive\r\n"),
  ENDS("Connection: close\r\n");

  private final byte[] line;

  ConnectionOption(String line) {
    this.line = line.getBytes(StandardCharsets.US_ASCII);
  }

  void write(ByteBuf out) {
    out.writeBytes(line);
  }
}
