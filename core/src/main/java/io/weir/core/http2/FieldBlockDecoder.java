package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.RequestHandler;
import org.jspecify.annotations.Nullable;

/**
 * Decodes field blocks into one {@link FieldBlock}, and judges the stream that each came on only
 * then: a block that is not wanted must be decoded, too (RFC 9113 section 4.3).
 */
final class FieldBlockDecoder extends DefaultHttp2HeadersDecoder {
  /** The codec's own limit would end connections; ours is in {@link FieldBlock}. */
  private static final long UNLIMITED = 0xffff_ffffL;

  private final Http2Connection connection;
  private final ClosedStreams closed;
  private final FieldBlock block;
  private final RequestHandler handler;

  FieldBlockDecoder(
      Http2Connection connection, ClosedStreams closed, FieldBlock block, RequestHandler handler) {
    super(false, false, UNLIMITED);
    this.connection = connection;
    this.closed = closed;
    this.block = block;
    this.handler = handler;
  }

  @Override
  public long maxHeaderListSizeGoAway() {
    return UNLIMITED;
  }

  @Override
  protected Http2Headers newHeaders() {
    return block;
  }

  @Override
  public Http2Headers decodeHeaders(int streamId, ByteBuf bytes) throws Http2Exception {
    Http2Stream stream = connection.stream(streamId);
    boolean request = stream == null && !connection.streamMayHaveExisted(streamId);
    if (request) {
      block.beginRequest(handler.limits());
    } else {
      block.beginTrailers(handler.limits());
    }
    Http2Headers decoded = super.decodeHeaders(streamId, bytes);
    if (!request) {
      judge(streamId, stream);
    }
    return decoded;
  }

  private void judge(int streamId, @Nullable Http2Stream stream) throws Http2Exception {
    if (stream != null) {
      if (stream.state() == Http2Stream.State.HALF_CLOSED_REMOTE) {
        throw Http2Exception.streamError(
            streamId, Http2Error.STREAM_CLOSED, "HEADERS behind the end of a request");
      }
      return;
    }
    switch (closed.of(streamId)) {
      case RESET_BY_CLIENT, RESET_BY_US ->
          throw Http2Exception.streamError(
              streamId, Http2Error.STREAM_CLOSED, "HEADERS on a stream that was reset");
      case COMPLETE ->
          throw Http2Exception.connectionError(
              Http2Error.STREAM_CLOSED, "HEADERS on a stream that has ended");
      case UNKNOWN ->
          throw Http2Exception.connectionError(
              Http2Error.PROTOCOL_ERROR, "a stream's id is lower than one before");
    }
  }
}
