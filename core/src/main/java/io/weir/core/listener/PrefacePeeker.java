package io.weir.core.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.weir.core.exchange.ClientConnection;
import io.weir.core.http.Failure;
import io.weir.core.worker.Deadline;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells HTTP/2 from HTTP/1 on a plain connection by its first bytes (RFC 9113 section 3.3), and
 * gives its place to the one that it is. Confined to its loop.
 */
final class PrefacePeeker extends ByteToMessageDecoder {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final WorkerDoor door;
  private final ClientConnection connection;
  private final boolean http1;
  private Expiry expiry = new Expiry(null);

  /**
   * Peeks at one connection.
   *
   * @param http1 whether a client without the preface is served
   */
  PrefacePeeker(WorkerDoor door, ClientConnection connection, boolean http1) {
    this.door = door;
    this.connection = connection;
    this.http1 = http1;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    expiry = new Expiry(ctx);
    long header = connection.limits().headerNanos();
    door.worker().timers().set(expiry, door.worker().clock().nanos() + header);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    door.worker().timers().remove(expiry);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    int n = Math.min(in.readableBytes(), PREFACE.length);
    boolean fits = true;
    for (int i = 0; i < n && fits; i++) {
      fits = in.getByte(in.readerIndex() + i) == PREFACE[i];
    }
    if (fits && n < PREFACE.length) {
      return;
    }
    if (fits) {
      door.speakHttp2(ctx.channel(), connection);
    } else if (http1) {
      door.speakHttp1(ctx.channel(), connection);
    } else {
      in.skipBytes(in.readableBytes());
      connection.onConnectionRefused(Failure.VERSION_NOT_SUPPORTED);
      ctx.close();
      return;
    }
    ctx.pipeline().remove(this); // what was read goes on to the one that follows
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  /** A client that does not say what it speaks. */
  private final class Expiry extends Deadline {
    private final @Nullable ChannelHandlerContext ctx;

    Expiry(@Nullable ChannelHandlerContext ctx) {
      this.ctx = ctx;
    }

    @Override
    protected void onDeadline(long now) {
      if (ctx == null) {
        return;
      }
      if (actualReadableBytes() > 0) { // who said nothing has asked for nothing
        connection.onConnectionRefused(Failure.REQUEST_TIMEOUT);
      }
      ctx.close();
    }
  }
}
