package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.BodyLength;
import io.weir.core.http.Fields;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.ResponseHead;
import org.jspecify.annotations.Nullable;

/** What one stream is answered with, as frames; for its loop. */
final class Http2Answer {
  private final ResponseWriter writer;
  private final Http2Stream stream;

  /**
   * The latest piece of the body, until there is another or what was written goes out: mostly it is
   * the last, and its frame can say so.
   */
  private @Nullable ByteBuf latest;

  private boolean begun;
  private @Nullable ChannelFuture end;

  Http2Answer(ResponseWriter writer, Http2Stream stream) {
    this.writer = writer;
    this.stream = stream;
  }

  /** Whether its head was written. */
  boolean isBegun() {
    return begun;
  }

  /** Whether its last frame was written. */
  boolean isEnded() {
    return end != null;
  }

  /** The last frame, once it was written. */
  @Nullable ChannelFuture end() {
    return end;
  }

  void head(ResponseHead response) {
    boolean empty = response.bodyLength() == BodyLength.NONE || response.bodyLength() == 0;
    boolean ends = empty && !response.trailersMayFollow();
    begun = true;
    ChannelFuture written = writer.writeHead(stream, response, ends);
    end = ends ? written : null;
  }

  void body(ByteBuf data) {
    push();
    latest = data;
  }

  void end(@Nullable Fields trailers) {
    if (trailers != null && BlockEncoder.hasAny(trailers)) {
      push();
      end = writer.writeTrailers(stream, trailers);
      return;
    }
    ByteBuf last = latest == null ? Unpooled.EMPTY_BUFFER : latest;
    latest = null;
    end = writer.writeData(stream, last, true);
  }

  /** A whole response of ours. */
  void local(LocalResponse response, boolean toHead) {
    boolean hasBody =
        !toHead
            && response.bodyLength() > 0
            && response.status() != 204
            && response.status() != 304;
    begun = true;
    ChannelFuture written = writer.writeLocal(stream, response, !hasBody);
    end = hasBody ? writer.writeData(stream, response.body(), true) : written;
  }

  /** The piece that waits is not the last, or not known to be. */
  void push() {
    ByteBuf data = latest;
    if (data != null) {
      latest = null;
      var _ = writer.writeData(stream, data, false);
    }
  }

  /** Nobody will have the rest. */
  void drop() {
    ByteBuf data = latest;
    if (data != null) {
      latest = null;
      data.release();
    }
  }
}
