package io.weir.core.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.weir.core.proxyprotocol.ProxyHeader;
import io.weir.core.proxyprotocol.ProxyHeaderReader;
import io.weir.core.proxyprotocol.ProxyHeaderReader.Result;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the PROXY header that a connection must begin with, and leaves the pipeline with it.
 * Confined to its loop.
 */
final class ProxyHeaderHandler extends ByteToMessageDecoder {
  private final Worker worker;
  private final long nanos;
  private final Next next;
  private final Expiry expiry = new Expiry();
  private @Nullable ChannelHandlerContext ctx;
  private boolean ended;

  /** Hears what became of it; one of the two, once, unless the peer went without a word. */
  interface Next {
    /** The rest of the pipeline is added, or the channel closed. */
    void told(ProxyHeader header);

    /** There was none, or not in time. */
    void refused();
  }

  /**
   * For one connection.
   *
   * @param nanos within which it must be there
   */
  ProxyHeaderHandler(Worker worker, long nanos, Next next) {
    this.worker = worker;
    this.nanos = nanos;
    this.next = next;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    worker.timers().set(expiry, worker.clock().nanos() + nanos);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    worker.timers().remove(expiry);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (ended) {
      in.skipBytes(in.readableBytes());
      return;
    }
    switch (ProxyHeaderReader.read(in)) {
      case Result.Incomplete incomplete -> {}
      case Result.Malformed malformed -> {
        in.skipBytes(in.readableBytes());
        refuse();
      }
      case Result.Complete complete -> {
        ended = true;
        in.skipBytes(complete.length());
        next.told(complete.header());
        context.pipeline().remove(this); // which hands on what came behind the header
      }
    }
  }

  @Override
  protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (!ended && in.isReadable()) { // what could be decoded has been, as it came
      in.skipBytes(in.readableBytes());
      refuse();
    }
  }

  private void refuse() {
    if (!ended) {
      ended = true;
      next.refused();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close(); // a reset
  }

  private final class Expiry extends Deadline {
    @Override
    protected void onDeadline(long now) {
      if (ctx != null && ctx.channel().isActive()) {
        refuse();
      }
    }
  }
}
