package io.weir.core.http2;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.weir.core.http.HttpLimits;
import io.weir.core.http.RequestHandler;
import io.weir.core.worker.Worker;
import org.jspecify.annotations.Nullable;

/** The parts of one connection's codec, put together as a server of ours needs them. */
final class Http2Codec {
  final Http2Connection connection = new DefaultHttp2Connection(true);
  final ClosedStreams closed = new ClosedStreams();
  final FloodBudget budget;
  final FieldBlock block;
  final FrameGate gate;
  final FrameWriter writer = new FrameWriter();
  final Http2ConnectionEncoder encoder;
  final Http2ConnectionDecoder decoder;
  final Http2Settings settings;

  Http2Codec(Http2Worker http, RequestHandler handler) {
    Worker worker = http.worker();
    HttpLimits limits = handler.limits();
    budget = new FloodBudget(worker.clock().nanos());
    block = new FieldBlock(http, limits);
    gate =
        new FrameGate(
            new FieldBlockDecoder(connection, closed, block, handler),
            budget,
            worker.clock(),
            limits.maxHeadBytes() * Http2Limits.BLOCK_PER_HEAD);
    // Every stream gets its turn: the priorities of RFC 7540 are not even looked at.
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    encoder = new Encoder(connection, writer);
    decoder =
        new DefaultHttp2ConnectionDecoder(
            connection,
            encoder,
            gate,
            Http2PromisedRequestVerifier.ALWAYS_VERIFY,
            true,
            true,
            false);
    settings = Http2Limits.settings(limits);
  }

  /**
   * Of the settings that the other side has acknowledged only the window is the codec's to enforce:
   * it would end connections for the others, where we refuse a request.
   */
  static final class Encoder extends DefaultHttp2ConnectionEncoder {
    Encoder(Http2Connection connection, FrameWriter writer) {
      super(connection, writer);
    }

    /** A window that grows too large by SETTINGS ends the connection (RFC 9113 section 6.9.2). */
    @Override
    public void remoteSettings(Http2Settings settings) throws Http2Exception {
      try {
        super.remoteSettings(settings);
      } catch (Http2Exception.StreamException ofOneStream) {
        throw Http2Exception.connectionError(
            ofOneStream.error(), "a window beyond the maximum by SETTINGS");
      }
    }

    @Override
    @SuppressWarnings("NullAway") // null when nothing is outstanding, which the codec does not say
    public @Nullable Http2Settings pollSentSettings() {
      Http2Settings sent = super.pollSentSettings();
      Integer window = sent == null ? null : sent.initialWindowSize();
      return window == null ? null : new Http2Settings().initialWindowSize(window);
    }
  }
}
