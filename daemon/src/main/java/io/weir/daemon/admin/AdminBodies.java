package io.weir.daemon.admin;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** Joins requests with their bodies, and says of one that is too large what it says of others. */
final class AdminBodies extends HttpObjectAggregator {
  private final int most;

  AdminBodies(int most) {
    super(most);
    this.most = most;
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
    ctx.writeAndFlush(tooLarge()).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  /** What clients hear that ask first, as curl does with a large body. */
  @Override
  protected @Nullable Object newContinueResponse(
      HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
    Object usual = super.newContinueResponse(start, maxContentLength, pipeline);
    if (usual instanceof FullHttpResponse refusal
        && refusal.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)) {
      ReferenceCountUtil.release(refusal);
      return tooLarge();
    }
    return usual;
  }

  private FullHttpResponse tooLarge() {
    return AdminResponses.problem(
        HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "a body of more than " + most / 1024 + " KiB");
  }
}
