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

  /** Answers a request, at once or later. */
  @FunctionalInterface
  private interface Page {
    CompletableFuture<FullHttpResponse> answer(FullHttpRequest request);
  }

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

  /** {@code /api/v1/firewall/events?follow}. */
  private boolean isFollowing(FullHttpRequest request) {
    return refusal(request) == null
        && request.method().equals(HttpMethod.GET)
        && "/api/v1/firewall/events".equals(AdminRequest.path(request))
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
      return CompletableFuture.completedFuture(refusal);
    }
    String path = AdminRequest.path(request);
    return switch (path == null ? "" : path) {
      case "/api/v1/reload" -> changed(request, this::reload);
      case "/api/v1/bans" -> shared.bans().answer(request, who(ctx.channel()));
      case "/api/v1/explain" -> changed(request, firewall::explain);
      case "/api/v1/firewall/events" -> read(request, firewall::events);
      default -> CompletableFuture.completedFuture(page(ctx, request, path));
    };
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

  /** What takes a body, of a kind that no form of another site can post. */
  private static CompletableFuture<FullHttpResponse> changed(FullHttpRequest request, Page page) {
    if (!request.method().equals(HttpMethod.POST)) {
      return CompletableFuture.completedFuture(notAllowed("POST"));
    }
    if (!AdminRequest.isJson(request)) {
      return CompletableFuture.completedFuture(AdminResponses.notJson());
    }
    return page.answer(request);
  }

  private static CompletableFuture<FullHttpResponse> read(FullHttpRequest request, Page page) {
    return isRead(request)
        ? page.answer(request)
        : CompletableFuture.completedFuture(notAllowed("GET, HEAD"));
  }

  private static boolean isRead(FullHttpRequest request) {
    return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
  }

  private CompletableFuture<FullHttpResponse> reload(FullHttpRequest request) {
    return shared.operations().reload().thenApply(AdminHandler::answer);
  }

  private static FullHttpResponse answer(ReloadResult result) {
    return switch (result) {
      case ReloadResult.Reloaded(long generation, var notes) ->
          AdminResponses.json(json -> {
            json.writeStringField("result", "ok");
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

  private FullHttpResponse page(
      ChannelHandlerContext ctx, FullHttpRequest request, @Nullable String path)
      throws IOException {
    if (!isRead(request)) {
      return notAllowed("GET, HEAD");
    }
    Operations operations = shared.operations();
    return switch (path == null ? "" : path) {
      case "/" -> Dashboard.PAGE.response();
      case "/dashboard.css" -> Dashboard.STYLE.response();
      case "/dashboard.js" -> Dashboard.SCRIPT.response();
      case "/metrics" -> metrics(ctx, request);
      case "/healthz" -> AdminResponses.text(HttpResponseStatus.OK, "alive");
      case "/readyz" -> readiness(operations);
      case "/api/v1/status" ->
          AdminResponses.json(json ->
              StatusJson.write(
                  operations.process(), operations.proxy(), shared.clock().instant(), json));
      case "/api/v1/firewall/rules" -> firewall.rules();
      case "/api/v1/stats" ->
          AdminResponses.json(json -> StatsJson.write(shared.stats().read(), json));
      default -> AdminResponses.problem(HttpResponseStatus.NOT_FOUND, "no such page");
    };
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

  private static FullHttpResponse notAllowed(String allowed) {
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
