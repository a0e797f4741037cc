package io.weir.core.health;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import io.weir.core.config.HealthConfig;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Passes when {@code grpc.health.v1.Health/Check}, called on a stream of an HTTP/2 connection, says
 * that the service is serving.
 */
final class GrpcCheck extends CheckHandler {
  /*
   * A message of the protocol is a byte that says whether it is compressed, four of length, and
   * that many bytes. The request has the service's name as its field 1, a string; the response its
   * status as its field 1, a number. Neither is longer than 128 bytes, so that lengths are one byte
   * of protobuf each.
   */
  private static final int PREFIX = 5;
  private static final int SERVICE_FIELD = 1 << 3 | 2;
  private static final int STATUS_FIELD = 1 << 3;
  private static final int MAX_MESSAGE = 127;
  private static final String[] STATES = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};
  private static final int SERVING = 1;

  private final HealthConfig.Grpc probe;
  private final String authority;
  private final String scheme;
  private @Nullable ByteBuf answer;

  GrpcCheck(HealthConfig.Grpc probe, String authority, String scheme, Promise<Outcome> outcome) {
    super(false, outcome);
    this.probe = probe;
    this.authority = authority;
    this.scheme = scheme;
  }

  @Override
  void ready(ChannelHandlerContext context) {
    Http2Headers call =
        new DefaultHttp2Headers()
            .method("POST")
            .scheme(scheme)
            .authority(authority)
            .path("/grpc.health.v1.Health/Check")
            .add("te", "trailers")
            .add("content-type", "application/grpc")
            .add("user-agent", "weir");
    var _ = context.write(new DefaultHttp2HeadersFrame(call));
    context
        .writeAndFlush(new DefaultHttp2DataFrame(question(context), true))
        .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
  }

  private ByteBuf question(ChannelHandlerContext context) {
    byte[] service = probe.service().getBytes(StandardCharsets.UTF_8);
    ByteBuf question = context.alloc().buffer();
    int length = service.length == 0 ? 0 : 2 + service.length;
    question.writeByte(0).writeInt(length);
    if (length > 0) {
      question.writeByte(SERVICE_FIELD).writeByte(service.length).writeBytes(service);
    }
    return question;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object frame) {
    try {
      switch (frame) {
        case Http2HeadersFrame headers -> head(headers.headers(), headers.isEndStream());
        case Http2DataFrame data -> body(context, data.content(), data.isEndStream());
        default -> {}
      }
    } finally {
      ReferenceCountUtil.release(frame);
    }
  }

  /** Of the response, or its trailers, which look the same but for {@code :status}. */
  private void head(Http2Headers fields, boolean ends) {
    CharSequence http = fields.status();
    if (http != null && !"200".contentEquals(http)) {
      settle(Outcome.fail("status " + http));
      return;
    }
    CharSequence grpc = fields.get("grpc-status");
    if (grpc != null && !"0".contentEquals(grpc)) {
      settle(Outcome.fail("grpc-status " + grpc));
    } else if (ends) {
      settle(said());
    }
  }

  private void body(ChannelHandlerContext context, ByteBuf data, boolean ends) {
    ByteBuf soFar = answer;
    if (soFar == null) {
      soFar = context.alloc().buffer();
      answer = soFar;
    }
    if (soFar.readableBytes() + data.readableBytes() > PREFIX + MAX_MESSAGE) {
      settle(Outcome.fail("malformed response"));
      return;
    }
    soFar.writeBytes(data);
    if (ends) {
      settle(Outcome.fail("no grpc-status"));
    }
  }

  private Outcome said() {
    ByteBuf message = answer;
    if (message == null
        || message.readableBytes() < PREFIX
        || message.getByte(0) != 0
        || message.getInt(1) != message.readableBytes() - PREFIX) {
      return Outcome.fail("malformed response");
    }
    int status = status(message);
    if (status < 0 || status >= STATES.length) {
      return Outcome.fail(
          "malformed response: "
              + ByteBufUtil.hexDump(message, PREFIX, message.readableBytes() - PREFIX));
    }
    return status == SERVING ? Outcome.pass(STATES[status]) : Outcome.fail(STATES[status]);
  }

  /** A message without the field says its default, 0; -1 if there is something else. */
  private static int status(ByteBuf message) {
    int length = message.readableBytes() - PREFIX;
    if (length == 0) {
      return 0;
    }
    return length == 2 && message.getByte(PREFIX) == STATUS_FIELD
        ? message.getByte(PREFIX + 1)
        : -1;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (answer != null) {
      answer.release();
      answer = null;
    }
  }
}
