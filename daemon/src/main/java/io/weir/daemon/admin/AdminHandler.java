package io.weir.daemon.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.NetUtil;
import io.weir.metrics.Exposition;
import io.weir.metrics.LiveStats;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the requests of one admin connection, on the control loop. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);
  private static final String LAST_EVENT_ID = "last-event-id";

  /** What the handlers of all connections share. */
  record Shared(
      Operations operations,
      BansResource bans,
      RefusalFeed feed,
      Exposition exposition,
      LiveStats stats,
      InstantSource clock) {}

  private final Shared shared;
  private final FirewallPages firewall;
  private final boolean overTcp;
  private boolean following;

  AdminHandler(Shared shared, boolean overTcp) {
    this.shared = shared;
    this.firewall = new FirewallPages(shared.operations());
    this.overTcp = overTcp;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request)
      throws IOException {
    if (following) {
      ctx.close(); // whoever follows listens
      return;
    }
    if (isFollowing(request)) {
      follow(ctx, request.headers().get(LAST_EVENT_ID));
      return;
    }
    answer(ctx, request)
        .whenComplete(
            (response, failure) -> ctx.executor().execute(() -> send(ctx, response, failure)));
  }

  /** Whether it asks for the refusals to come. */
  private boolean isFollowing(FullHttpRequest request) {
    return refusal(request) == null
        && request.method().equals(HttpMethod.GET)
        && AdminResource.at(AdminRequest.path(request)) == AdminResource.FIREWALL_EVENTS
        && new QueryStringDecoder(request.uri()).parameters().containsKey("follow");
  }

  private void follow(ChannelHandlerContext ctx, @Nullable String lastId) {
    if (!shared.feed().hasRoom()) {
      ctx.writeAndFlush(
          AdminResponses.problem(
              HttpResponseStatus.SERVICE_UNAVAILABLE,
              "stopping, or " + RefusalFeed.MOST_FOLLOWERS + " follow already"));
      return;
    }
    following = true;
    ctx.pipeline().remove(HttpContentCompressor.class); // it would keep events until there are more
    shared.feed().follow(ctx.channel(), lastId);
  }

  private CompletableFuture<FullHttpResponse> answer(
      ChannelHandlerContext ctx, FullHttpRequest request) throws IOException {
    FullHttpResponse refusal = refusal(request);
    if (refusal != null) {
      return done(refusal);
    }
    AdminResource resource = AdminResource.at(AdminRequest.path(request));
    if (resource == null) {
      return done(AdminResponses.problem(HttpResponseStatus.NOT_FOUND, "no such page"));
    }
    if (!resource.takes(request.method())) {
      return done(notAllowed(resource));
    }
    if (!AdminResource.isRead(request.method()) && !AdminRequest.isJson(request)) {
      return done(AdminResponses.notJson());
    }
    Operations operations = shared.operations();
    return switch (resource) {
      case PAGE -> done(Dashboard.PAGE.response());
      case STYLE -> done(Dashboard.STYLE.response());
      case SCRIPT -> done(Dashboard.SCRIPT.response());
      case METRICS -> done(metrics(ctx, request));
      case HEALTH -> done(AdminResponses.text(HttpResponseStatus.OK, "alive"));
      case READINESS -> done(readiness(operations));
      case STATUS -> done(status(operations));
      case STATS -> done(AdminResponses.json(json -> StatsJson.write(shared.stats().read(), json)));
      case RELOAD -> operations.reload().thenApply(result -> answer(result, operations));
      case BANS -> shared.bans().answer(request, who(ctx.channel()));
      case EXPLAIN -> firewall.explain(request);
      case FIREWALL_RULES -> done(firewall.rules());
      case FIREWALL_EVENTS -> firewall.events(request);
    };
  }

  private static CompletableFuture<FullHttpResponse> done(FullHttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }

  /** The other end, for the log; of a Unix socket whoever the kernel says that it is. */
  private static String who(Channel channel) throws IOException {
    if (channel instanceof EpollDomainSocketChannel socket) {
      PeerCredentials peer = socket.peerCredentials();
      return "user " + peer.uid() + ", process " + peer.pid();
    }
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? NetUtil.toSocketAddressString(address)
        : "the admin socket";
  }

  private @Nullable FullHttpResponse refusal(FullHttpRequest request) {
    if (request.decoderResult().isFailure()) {
      return AdminResponses.problem(HttpResponseStatus.BAD_REQUEST, "not a request");
    }
    // Nobody can make a browser speak to a Unix socket.
    if (overTcp && !AdminRequest.isForLoopback(request)) {
      return AdminResponses.problem(
          HttpResponseStatus.FORBIDDEN, "Host must be localhost or a loopback address");
    }
    return null;
  }

  private static FullHttpResponse answer(ReloadResult result, Operations operations) {
    return switch (result) {
      case ReloadResult.Reloaded(long generation, var notes) ->
          AdminResponses.json(json -> {
            ProcessStatus process = operations.process();
            json.writeStringField("result", "ok");
            json.writeStringField("file", process.configFile());
            json.writeStringField("hash", process.configHash());
            json.writeNumberField("generation", generation);
            json.writeArrayFieldStart("notes");
            for (String note : notes) {
              json.writeString(note);
            }
            json.writeEndArray();
          });
      case ReloadResult.Invalid(int errors, String report) ->
          AdminResponses.problem(
              HttpResponseStatus.UNPROCESSABLE_ENTITY,
              "the configuration is not valid; the old one serves",
              json -> {
                json.writeStringField("result", "invalid");
                json.writeNumberField("errors", errors);
                json.writeStringField("report", report);
              });
      case ReloadResult.Failed(String reason) ->
          AdminResponses.problem(
              HttpResponseStatus.CONFLICT,
              reason,
              json -> json.writeStringField("result", "failed"));
    };
  }

  private FullHttpResponse status(Operations operations) {
    return AdminResponses.json(json ->
        StatusJson.write(operations.process(), operations.proxy(), shared.clock().instant(), json));
  }

  private static FullHttpResponse readiness(Operations operations) {
    return operations.process().ready()
        ? AdminResponses.text(HttpResponseStatus.OK, "ready")
        : AdminResponses.text(HttpResponseStatus.SERVICE_UNAVAILABLE, "not ready");
  }

  private FullHttpResponse metrics(ChannelHandlerContext ctx, FullHttpRequest request)
      throws IOException {
    var format = Exposition.Format.negotiate(request.headers().get(HttpHeaderNames.ACCEPT));
    ByteBuf text = ctx.alloc().buffer();
    try {
      shared.exposition().write(format, new ByteBufOutputStream(text));
      return AdminResponses.bytes(HttpResponseStatus.OK, format.contentType(), text.retain());
    } finally {
      text.release();
    }
  }

  private static FullHttpResponse notAllowed(AdminResource resource) {
    String allowed = resource.methods();
    FullHttpResponse response =
        AdminResponses.problem(HttpResponseStatus.METHOD_NOT_ALLOWED, "allowed: " + allowed);
    response.headers().set(HttpHeaderNames.ALLOW, allowed);
    return response;
  }

  private static void send(
      ChannelHandlerContext ctx, @Nullable FullHttpResponse response, @Nullable Throwable failure) {
    if (response != null) {
      ctx.writeAndFlush(response);
      return;
    }
    LOG.error("the admin endpoint failed", failure);
    ctx.writeAndFlush(
        AdminResponses.problem(HttpResponseStatus.INTERNAL_SERVER_ERROR, "see the log"));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof IdleStateEvent) {
      ctx.close();
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("admin connection {}: {}", ctx.channel(), cause.toString());
    ctx.close();
  }
}
