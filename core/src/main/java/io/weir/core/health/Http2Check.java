package io.weir.core.health;

import io.netty.channel.Channel;
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

/** Asks as {@link HttpCheck} does, on a stream of an HTTP/2 connection. */
final class Http2Check extends CheckHandler {
  private static final String ALPN = "h2";

  private final HealthConfig.Http probe;
  private final String host;
  private final Promise<Outcome> outcome;

  private Http2Check(HealthConfig.Http probe, String host, boolean tls, Promise<Outcome> outcome) {
    super(tls, outcome);
    this.probe = probe;
    this.host = host;
    this.outcome = outcome;
  }

  /** Puts it at the end of a pipeline, behind its codec. */
  static void addTo(
      ChannelPipeline pipeline,
      HealthConfig.Http probe,
      String host,
      boolean tls,
      Promise<Outcome> outcome) {
    pipeline.addLast(
        Http2FrameCodecBuilder.forClient()
            .initialSettings(Http2Settings.defaultSettings().pushEnabled(false))
            .build(),
        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
        new Http2Check(probe, host, tls, outcome));
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
                    stream
                        .pipeline()
                        .addLast(
                            new Http2StreamFrameToHttpObjectCodec(false),
                            new HttpCheck(probe, host, false, outcome));
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
