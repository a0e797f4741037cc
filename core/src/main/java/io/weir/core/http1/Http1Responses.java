package io.weir.core.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.weir.core.http.BodyLength;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseHead;
import io.weir.core.worker.HttpDate;

/**
 * Writes the heads of responses to one client, and with them what becomes of the connection.
 * Confined to its loop.
 */
final class Http1Responses {
  /** Room for a small body behind its head. */
  private static final int COPIED_AT_MOST = 4096;

  private final Http1Output output;
  private final HttpDate date;
  private boolean last;

  Http1Responses(Http1Output output, HttpDate date) {
    this.output = output;
    this.date = date;
  }

  /** A 1xx, which a client of HTTP/1.0 would not understand (RFC 9110 section 15.2). */
  void interim(ChannelHandlerContext ctx, RequestHead request, ResponseHead head) {
    if (request.minorVersion() > 0) {
      ByteBuf out = output.tail(ctx, head.fields().length());
      HeadWriter.response(head, false, ConnectionOption.SILENT, date.line(), out);
    }
  }

  /**
   * Begins a response of a backend.
   *
   * @param mayGoOn whether another request can follow on the connection
   */
  void begin(ChannelHandlerContext ctx, RequestHead request, ResponseHead head, boolean mayGoOn) {
    long length = head.bodyLength();
    boolean unknownLength = length == BodyLength.CHUNKED || length == BodyLength.UNTIL_CLOSE;
    boolean chunked = unknownLength && request.minorVersion() > 0;
    last = (unknownLength && !chunked) || !mayGoOn;
    output.headBegins();
    ByteBuf out = output.tail(ctx, head.fields().length() + Math.clamp(length, 0, COPIED_AT_MOST));
    HeadWriter.response(head, chunked, option(request), date.line(), out);
    output.bodyIsChunked(chunked);
  }

  /** A 101: the last that is HTTP. */
  void upgrade(ChannelHandlerContext ctx, ResponseHead head) {
    ByteBuf out = output.tail(ctx, head.fields().length());
    HeadWriter.response(head, false, ConnectionOption.SILENT, date.line(), out);
    last = true;
  }

  /** A whole response of ours. */
  void local(
      ChannelHandlerContext ctx, RequestHead request, LocalResponse response, boolean mayGoOn) {
    last = !mayGoOn;
    ByteBuf out = output.tail(ctx, response.lines().length + response.bodyLength());
    HeadWriter.local(response, request.method(), option(request), date.line(), out);
  }

  /** Whether the response that was begun is the connection's last. */
  boolean isLast() {
    return last;
  }

  private ConnectionOption option(RequestHead request) {
    if (last) {
      return ConnectionOption.ENDS;
    }
    return request.minorVersion() == 0 ? ConnectionOption.STAYS : ConnectionOption.SILENT;
  }
}
