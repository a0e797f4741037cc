package io.weir.core.health;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import io.weir.core.config.HealthConfig;

/**
 * Passes when {@code GET path} is answered by a well-formed response with one of the wanted
 * statuses. A redirect is a status like others and is not followed.
 */
final class HttpCheck extends CheckHandler {
  /** A response's head; backends that need more than this for a health page are broken. */
  private static final int MAX_HEAD_BYTES = 16 * 1024;

  /**
   * Of the body no more is read than this: the status has said what there is to say. Shorter bodies
   * are read to their end, so that a backend that stalls or dies in the middle does not pass.
   */
  static final int MAX_BODY_BYTES = 64 * 1024;

  private final HealthConfig.Http probe;
  private final String host;
  private boolean accepted; // the status was, and the body follows
  private String words = "";
  private long bodyBytes;

  HttpCheck(HealthConfig.Http probe, String host, boolean tls, Promise<Outcome> outcome) {
    super(tls, outcome);
    this.probe = probe;
    this.host = host;
  }

  /** The codec that goes before this handler. */
  static HttpClientCodec codec() {
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_HEAD_BYTES)
            .setMaxHeaderSize(MAX_HEAD_BYTES);
    return new HttpClientCodec(config, false, false);
  }

  @Override
  void ready(ChannelHandlerContext context) {
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, probe.path(), Unpooled.EMPTY_BUFFER);
    request
        .headers()
        .set(HttpHeaderNames.HOST, host)
        .set(HttpHeaderNames.USER_AGENT, "weir")
        .set(HttpHeaderNames.ACCEPT, "*/*")
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    context.writeAndFlush(request).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      read((HttpObject) message);
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(HttpObject part) {
    if (part.decoderResult().isFailure()) {
      settle(Outcome.fail("malformed response"));
      return;
    }
    if (part instanceof HttpResponse response) {
      head(response);
    }
    if (part instanceof HttpContent content && accepted) {
      body(content);
    }
  }

  private void head(HttpResponse response) {
    HttpVersion version = response.protocolVersion();
    if (!version.protocolName().equals("HTTP") || version.majorVersion() != 1) {
      settle(Outcome.fail("malformed response"));
      return;
    }
    if (isInterim(response.status())) {
      return;
    }
    int code = response.status().code();
    words = "status " + code;
    accepted = probe.accepts(code);
    if (!accepted) {
      settle(Outcome.fail(words));
    }
  }

  /** RFC 9110 section 15.2: any number of these may come before the response; 101 is the last. */
  private static boolean isInterim(HttpResponseStatus status) {
    return status.codeClass() == HttpStatusClass.INFORMATIONAL
        && status.code() != HttpResponseStatus.SWITCHING_PROTOCOLS.code();
  }

  private void body(HttpContent content) {
    bodyBytes += content.content().readableBytes();
    if (content instanceof LastHttpContent || bodyBytes > MAX_BODY_BYTES) {
      settle(Outcome.pass(words));
    }
  }
}
