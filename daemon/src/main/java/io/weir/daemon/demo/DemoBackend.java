package io.weir.daemon.demo;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** Says who it is and what it was asked; one connection's. */
final class DemoBackend extends SimpleChannelInboundHandler<FullHttpRequest> {
  private final String name;
  private final Flakiness flakiness;

  DemoBackend(String name, Flakiness flakiness) {
    this.name = name;
    this.flakiness = flakiness;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    boolean fails = flakiness.failsNow();
    String text =
        fails
            ? "backend " + name + " is not well\n"
            : "backend " + name + " answers " + request.method() + " " + request.uri() + "\n";
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    boolean isHead = request.method().equals(HttpMethod.HEAD);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            fails ? HttpResponseStatus.SERVICE_UNAVAILABLE : HttpResponseStatus.OK,
            isHead ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set("x-backend", name);
    ctx.writeAndFlush(response);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // the other side is gone
  }
}
