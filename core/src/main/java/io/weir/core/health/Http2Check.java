package io.weir.core.health;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.weir.core.config.HealthConfig;

/** Opens a stream on an HTTP/2 connection for another check, which asks there. */
final class Http2Check extends CheckHandler {
  private static final String ALPN = "h2";

  private final ChannelHandler[] onStream;

  private Http2Check(ChannelHandler[] onStream, boolean tls, Promise<Outcome> outcome) {
    super(tls, outcome);
    this.onStream = onStream;
  }

  /** Asks as {@link HttpCheck} does. */
  static Http2Check http(
      HealthConfig.Http probe, String host, boolean tls, Promise<Outcome> outcome) {
    HttpCheck check = new HttpCheck(probe, host, false, outcome);
    return new Http2Check(
        new ChannelHandler[] {new Http2StreamFrameToHttpObjectCodec(false), check}, tls, outcome);
  }

  /** Asks as {@link GrpcCheck} does. */
  static Http2Check grpc(
      HealthConfig.Grpc probe, String host, boolean tls, Promise<Outcome> outcome) {
    GrpcCheck check = new GrpcCheck(probe, host, tls ? "https" : "http", outcome);
    return new Http2Check(new ChannelHandler[] {check}, tls, outcome);
  }

  /** Puts it at the end of a pipeline, behind its codec. */
  void addTo(ChannelPipeline pipeline) {
    pipeline.addLast(
        Http2FrameCodecBuilder.forClient()
            .initialSettings(Http2Settings.defaultSettings().pushEnabled(false))
            .build(),
        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
        this);
  }

  @Override
  void ready(ChannelHandlerContext context) {
    SslHandler tls = context.pipeline().get(SslHandler.class);
    if (tls != null && !ALPN.equals(tls.applicationProtocol())) {
      settle(Outcome.fail("no HTTP/2 by ALPN"));
      return;
    }
    Future<Http2StreamChannel> opened =
        new Http2StreamChannelBootstrap(context.channel())
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel stream) {
                    stream.pipeline().addLast(onStream);
                  }
                })
            .open();
    opened.addListener(done -> {
      if (!done.isSuccess()) {
        settle(Outcome.fail(done.cause()));
      }
    });
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object frame) {
    ReferenceCountUtil.release(frame); // SETTINGS and the like, which the codec has heeded
  }
}
