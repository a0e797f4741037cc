package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.weir.core.http.ResponseHead;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the field blocks of a backend into one {@link ResponseBlock}, also those that nobody
 * wants (RFC 9113 section 4.3).
 */
final class ResponseBlockDecoder extends DefaultHttp2HeadersDecoder {
  /** The codec's own limit would end connections; ours is in {@link ResponseBlock}. */
  private static final long UNLIMITED = 0xffff_ffffL;

  private final ResponseBlock block;
  private final IntFunction<@Nullable ResponseHead> expected;

  /**
   * A decoder for one connection.
   *
   * @param expected the head that a stream's next block fills; null if it is no head
   */
  ResponseBlockDecoder(ResponseBlock block, IntFunction<@Nullable ResponseHead> expected) {
    super(false, false, UNLIMITED);
    this.block = block;
    this.expected = expected;
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
    ResponseHead head = expected.apply(streamId);
    if (head == null) {
      block.beginTrailers();
    } else {
      head.clear();
      block.beginHead(head.fields());
    }
    return super.decodeHeaders(streamId, bytes);
  }
}
