package io.weir.core.http2;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection.PropertyKey;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.Failure;
import io.weir.core.http.RequestHandler;
import io.weir.core.http.RequestHead;
import org.jspecify.annotations.Nullable;

/**
 * The streams that a client opened on one connection, each with the request that it is. For its
 * loop.
 */
final class ClientStreams extends Http2ConnectionAdapter {
  private final Http2Downstream connection;
  private final Http2Worker http;
  private final RequestHandler handler;
  private final Http2Codec codec;
  private final PropertyKey key;
  private final HeldHeads heads;
  private int served;

  ClientStreams(
      Http2Downstream connection, Http2Worker http, RequestHandler handler, Http2Codec codec) {
    this.connection = connection;
    this.http = http;
    this.handler = handler;
    this.codec = codec;
    this.key = codec.connection.newKey();
    this.heads = new HeldHeads(http.worker().headMemory());
  }

  /** The request of a stream; null if it is none, or none of ours. */
  @Nullable Http2DownstreamStream of(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(key);
  }

  boolean areNone() {
    return codec.connection.numActiveStreams() == 0;
  }

  /** Whether no request has begun yet. */
  boolean areFirst() {
    return served == 0;
  }

  /** A request's head was read. */
  void begin(Http2Stream stream, FieldBlock block, boolean ends) throws Http2Exception {
    if (codec.connection.remote().numActiveStreams() > Http2Limits.STREAMS) {
      refuse(stream);
      return;
    }
    RequestHead head = block.takeHead();
    RequestGuard guard = http.guard();
    RequestGuard.Verdict verdict = guard.check(block, head, ends, handler.limits());
    if (codec.gate.dependsOnItself(stream.id())) {
      verdict = RequestGuard.Verdict.MALFORMED;
    }
    if (verdict == RequestGuard.Verdict.MALFORMED) {
      codec.gate.spend(FloodBudget.RESET);
    }
    int held = head.footprint();
    if (!heads.take(held)) {
      http.giveBack(head);
      refuse(stream);
      return;
    }
    served++;
    Http2DownstreamStream request =
        new Http2DownstreamStream(connection, stream, head, held, connection.in(0));
    stream.setProperty(key, request);
    request.begin(verdict, guard.failure(), ends);
    connection.batch().touch(request);
    if (served >= handler.limits().maxRequests() || handler.isDraining()) {
      connection.drain();
    }
  }

  /** The client may ask for it again, since nothing of it was done (RFC 9113 section 8.7). */
  private void refuse(Http2Stream stream) throws Http2Exception {
    codec.gate.spend(FloodBudget.RESET);
    handler.onStreamRefused(Failure.OVERLOAD);
    connection.writer().reset(stream, Http2Error.REFUSED_STREAM);
  }

  /**
   * The client breaks a rule on one of them, or on one that is no request, or none any more.
   *
   * @param unserved whether the client was told that this one is not served
   */
  void onError(Http2Exception.StreamException wrong, boolean unserved) throws Http2Exception {
    int id = wrong.streamId();
    Http2Stream stream = codec.connection.stream(id);
    boolean crossed = // what the client sent before it knew (RFC 9113 sections 5.1 and 6.8)
        stream == null && (unserved || codec.closed.of(id) == ClosedStreams.Way.RESET_BY_US);
    if (stream == null && !crossed && !codec.connection.streamMayHaveExisted(id)) {
      throw Http2Exception.connectionError(wrong.error(), "%s", wrong.getMessage());
    }
    codec.gate.spend(crossed ? FloodBudget.IDLE_FRAME : FloodBudget.RESET);
    if (crossed) {
      return;
    }
    Http2DownstreamStream request = of(stream);
    if (request != null) {
      request.fail(wrong.error());
    } else {
      ChannelHandlerContext ctx = connection.ctx();
      connection.resetStream(ctx, id, wrong.error().code(), ctx.newPromise());
      connection.writer().flushSoon();
    }
  }

  /** What the heads of all of them hold. */
  HeldHeads heads() {
    return heads;
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    Http2DownstreamStream request = of(stream);
    if (request != null) {
      codec.closed.add(stream.id(), request.way());
      request.onClosed(Failure.CLIENT_CLOSED);
    } else {
      codec.closed.add(stream.id(), ClosedStreams.Way.RESET_BY_US);
    }
    if (areNone()) {
      connection.onIdle();
    }
  }

  void onWritability(Http2Stream stream) {
    Http2DownstreamStream request = of(stream);
    if (request != null) {
      request.onWritability(connection.writer().isWritable(stream));
    }
  }

  /** All requests end, and nobody answers them any more. */
  void cut(Failure why) {
    try {
      codec.connection.forEachActiveStream(stream -> {
        Http2DownstreamStream request = of(stream);
        if (request != null) {
          request.onClosed(why);
        }
        return true;
      });
    } catch (Http2Exception e) {
      throw new IllegalStateException(e); // nothing in there throws one
    }
  }
}
