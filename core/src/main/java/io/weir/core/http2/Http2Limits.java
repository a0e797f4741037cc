package io.weir.core.http2;

import io.netty.handler.codec.http2.Http2Settings;
import io.weir.core.http.HttpLimits;

/** What one HTTP/2 connection may use, and what clients are told of it. */
final class Http2Limits {
  /** Streams at once: browsers and gRPC are content with 100, and no page is slower for 128. */
  static final int STREAMS = 128;

  /**
   * Bytes of body that a stream may have sent before its backend took them: 5 MB/s over 25 ms of
   * way, and little enough to hold for every stream of a stalled backend.
   */
  static final int STREAM_WINDOW = 128 * 1024;

  /**
   * The same for all streams together: eight that stall leave the others their way, and a
   * connection never holds more than this.
   */
  static final int CONNECTION_WINDOW = 1024 * 1024;

  /** A compressed block may be larger than a head that is refused politely, but not much. */
  static final int BLOCK_PER_HEAD = 4;

  /** What RFC 9113 section 6.5.2 counts for a field beside its text. */
  private static final int FIELD_OVERHEAD = 32;

  /** SETTINGS_NO_RFC7540_PRIORITIES (RFC 9218): we never look at them. */
  private static final char NO_PRIORITIES = 9;

  /** SETTINGS_ENABLE_CONNECT_PROTOCOL (RFC 8441): streams can be WebSockets. */
  private static final char CONNECT_PROTOCOL = 8;

  private Http2Limits() {}

  /** What the client is told first. */
  static Http2Settings settings(HttpLimits limits) {
    Http2Settings settings =
        new Http2Settings()
            .maxConcurrentStreams(STREAMS)
            .initialWindowSize(STREAM_WINDOW)
            .maxHeaderListSize(limits.maxHeadBytes() + (long) limits.maxFields() * FIELD_OVERHEAD);
    settings.put(NO_PRIORITIES, Long.valueOf(1));
    settings.put(CONNECT_PROTOCOL, Long.valueOf(1));
    return settings;
  }
}
