package io.weir.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a ClientHello without consuming it and hands the connection to whom it is for: an {@link
 * SslHandler}, whatever the callback adds, or nobody.
 *
 * <p>Netty's handler gathers the message over segments and TLS records. It answers what is no TLS
 * with exceptions and events; here that is a refusal like any other and ends in this handler. The
 * handshake's time-out is the listener's business, and runs from when the connection was accepted.
 */
public final class ClientHelloPeeker extends SslClientHelloHandler<Void> {

  // Browsers send 0.5 KB, or 1.8 KB with a post-quantum key share; the largest shares in drafts
  // make it 5 KB. A TLS record holds 16 KiB.
  private static final int MAX_BYTES = 16 * 1024;

  private static final int NO_ALERT = 0;
  private static final int DECODE_ERROR = 50; // alert descriptions, RFC 8446 section 6
  private static final int UNRECOGNIZED_NAME = 112;
  private static final int ACCESS_DENIED = 49;

  // The decision is made at once, so what Netty waits for is always this.
  private static final Future<Void> DONE = ImmediateEventExecutor.INSTANCE.newSucceededFuture(null);

  private final String name;
  private final ClientHelloCallback callback;
  private @Nullable ServerNameDecision decision; // null if the message was no ClientHello
  private boolean tls; // whether the peer understands an alert
  private boolean refused;

  /**
   * @param name what the {@link SslHandler} is called in the pipeline
   */
  public ClientHelloPeeker(String name, ClientHelloCallback callback) {
    super(MAX_BYTES);
    this.name = name;
    this.callback = callback;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (refused) {
      in.skipBytes(in.readableBytes());
      return;
    }
    try {
      super.decode(ctx, in, out);
    } catch (DecoderException e) {
      refuse(ctx, TlsFailure.of(e), NO_ALERT); // Netty has closed the connection already
    }
    if (refused) {
      in.skipBytes(in.readableBytes());
    }
  }

  @Override
  protected Future<Void> lookup(ChannelHandlerContext ctx, @Nullable ByteBuf message) {
    tls = message != null;
    ClientHello hello = message == null ? null : ClientHelloReader.read(message);
    decision = hello == null ? null : callback.decide(ctx, hello);
    return DONE;
  }

  @Override
  protected void onLookupComplete(ChannelHandlerContext ctx, Future<Void> done) {
    switch (decision) {
      case null -> refuse(ctx, TlsFailure.PROTOCOL, tls ? DECODE_ERROR : NO_ALERT);
      case ServerNameDecision.Terminate terminate -> terminate(ctx, terminate.tls());
      case ServerNameDecision.PassThrough pass -> {
        callback.passThrough(ctx, pass.target());
        ctx.pipeline().remove(this);
      }
      case ServerNameDecision.Refuse refuse ->
          refuse(
              ctx,
              refuse.why(),
              refuse.why() == TlsFailure.UNKNOWN_SNI ? UNRECOGNIZED_NAME : ACCESS_DENIED);
    }
  }

  private void terminate(ChannelHandlerContext ctx, ServerTls server) {
    SslHandler handler = callback.newHandler(ctx, server);
    boolean placed = false;
    try {
      ctx.pipeline().replace(this, name, handler);
      placed = true;
    } finally {
      if (!placed) {
        ReferenceCountUtil.release(handler.engine()); // no pipeline will
      }
    }
  }

  private void refuse(ChannelHandlerContext ctx, TlsFailure why, int alert) {
    refused = true;
    callback.refused(ctx, why);
    ByteBuf record = Unpooled.EMPTY_BUFFER;
    if (alert != NO_ALERT) {
      // One fatal alert in a record of TLS 1.2, which is how every version writes it.
      record = ctx.alloc().buffer(7);
      record.writeByte(21).writeShort(0x0303).writeShort(2).writeByte(2).writeByte(alert);
    }
    ctx.writeAndFlush(record).addListener(ChannelFutureListener.CLOSE);
  }
}
