package io.weir.core.http2;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Connection.PropertyKey;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.weir.core.http.ResponseHead;
import io.weir.core.upstream.PoolSettings;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;

/** The parts of one connection's codec, put together as a client of ours needs them. */
final class UpstreamCodec {
  /** Streams at once, also where a backend would take more: another connection has more to give. */
  static final int STREAMS = 128;

  /**
   * Bytes of body that a backend may send before the client took them: 100 MB/s over 2.5 ms of way,
   * and what a client that stalls costs.
   */
  static final int STREAM_WINDOW = 256 * 1024;

  /** So that no stream ever waits for another's client; what stalls is bounded by the above. */
  static final int CONNECTION_WINDOW = STREAMS * STREAM_WINDOW;

  /** What RFC 9113 section 6.5.2 counts for a field beside its text. */
  private static final int FIELD_OVERHEAD = 32;

  final Http2Connection connection = new DefaultHttp2Connection(false);
  final PropertyKey key = connection.newKey();
  final UnwantedBytes unwanted = new UnwantedBytes();
  final FloodBudget budget;
  final FrameGate gate;
  final FrameWriter writer = new FrameWriter();
  final Http2ConnectionEncoder encoder;
  final Http2ConnectionDecoder decoder;
  final Http2Settings settings;

  UpstreamCodec(Worker worker, PoolSettings pool) {
    ResponseBlock block = new ResponseBlock(pool);
    budget = new FloodBudget(worker.clock().nanos());
    gate =
        new FrameGate(
            new ResponseBlockDecoder(block, this::expectedHead),
            budget,
            worker.clock(),
            pool.maxHeadBytes() * Http2Limits.BLOCK_PER_HEAD);
    // Every stream gets its turn.
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    encoder = new Http2Codec.Encoder(connection, writer);
    decoder =
        new DefaultHttp2ConnectionDecoder(
            connection,
            encoder,
            gate,
            Http2PromisedRequestVerifier.ALWAYS_VERIFY,
            true,
            true,
            false);
    settings =
        new Http2Settings()
            .pushEnabled(false)
            .initialWindowSize(STREAM_WINDOW)
            .maxHeaderListSize(pool.maxHeadBytes() + (long) pool.maxFields() * FIELD_OVERHEAD);
  }

  @Nullable Http2UpstreamStream streamOf(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(key);
  }

  /** How much a backend may send on a stream before it hears from us. */
  int windowOf(Http2Stream stream) {
    return decoder.flowController().windowSize(stream);
  }

  private @Nullable ResponseHead expectedHead(int streamId) {
    Http2UpstreamStream stream = streamOf(connection.stream(streamId));
    return stream == null ? null : stream.expectedHead();
  }
}
