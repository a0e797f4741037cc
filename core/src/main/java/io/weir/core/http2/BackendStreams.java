package io.weir.core.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Connection.Endpoint;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import io.weir.core.http.Failure;
import io.weir.core.http.Repeat;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.ResponseListener;
import java.util.ArrayDeque;

/** The streams to a backend on one connection, each with the request that it is. For its loop. */
final class BackendStreams extends Http2ConnectionAdapter {
  /** Stream ids are used up here; nobody ever got so far in a day. */
  private static final int LAST_STREAM = Integer.MAX_VALUE - 2 * UpstreamCodec.STREAMS;

  private static final int MAX_STREAM_ID = Integer.MAX_VALUE;

  private final Http2Upstream connection;
  private final UpstreamCodec codec;
  private final ArrayDeque<ResponseHead> spareHeads = new ArrayDeque<>();
  private int count; // with those that are not open yet
  private int lastSeen = MAX_STREAM_ID;

  BackendStreams(Http2Upstream connection, UpstreamCodec codec) {
    this.connection = connection;
    this.codec = codec;
  }

  boolean areNone() {
    return count == 0;
  }

  /** Whether there can be one more. */
  boolean haveRoom() {
    Endpoint<?> ours = codec.connection.local();
    return count < Math.min(ours.maxActiveStreams(), UpstreamCodec.STREAMS)
        && ours.lastStreamCreated() < LAST_STREAM;
  }

  /** One more, which is not yet open; its parameters as in {@link Http2UpstreamStream}. */
  Http2UpstreamStream begin(ResponseListener listener, boolean via, long silence) {
    count++;
    ResponseHead head = spareHeads.pollLast();
    return new Http2UpstreamStream(
        connection, head == null ? new ResponseHead() : head, listener, via, silence);
  }

  /** One was closed, or never opened. */
  void ended() {
    count--;
    connection.offer();
  }

  /** Nobody reads that head any more. */
  void giveBack(ResponseHead head) {
    if (spareHeads.size() < UpstreamCodec.STREAMS) {
      spareHeads.addLast(head);
    }
  }

  @Override
  public void onGoAwayReceived(int lastStream, long code, ByteBuf debug) {
    lastSeen = lastStream;
    connection.onGoAway();
  }

  @Override
  public void onStreamClosed(Http2Stream stream) {
    Http2UpstreamStream request = codec.streamOf(stream);
    if (request != null) {
      ended();
      request.onClosed(stream.id() > lastSeen ? unseen() : Repeat.NEVER);
    }
  }

  /** What the backend's last word means for those that it did not look at. */
  private Repeat unseen() {
    return lastSeen > 0 ? Repeat.AFTER_OTHERS : Repeat.ALWAYS;
  }

  void onWritability(Http2Stream stream) {
    Http2UpstreamStream request = codec.streamOf(stream);
    if (request != null) {
      request.onWritability(connection.writer().isWritable(stream));
    }
  }

  /** All requests fail. */
  void fail(Failure failure) {
    try {
      codec.connection.forEachActiveStream(stream -> {
        Http2UpstreamStream request = codec.streamOf(stream);
        if (request != null) {
          request.fail(failure, Repeat.NEVER);
        }
        return true;
      });
    } catch (Http2Exception e) {
      throw new IllegalStateException(e); // nothing in there throws one
    }
  }
}
