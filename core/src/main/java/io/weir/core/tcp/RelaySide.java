package io.weir.core.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.weir.core.http.Failure;
import io.weir.core.worker.SlowReader;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a {@link Relay}: what is read here is written to the other side, which is read
 * only as fast as this side takes it.
 */
final class RelaySide extends ChannelInboundHandlerAdapter {
  /**
   * What is written out before more is read: as much as one read brings at most, so that bytes go
   * on while they are still in the processor's cache.
   */
  private static final int FLUSH_BYTES = 64 * 1024;

  private final Relay relay;
  private final Channel channel;
  private RelaySide other = this; // until facing
  private int unflushed;
  private long uncounted;
  private boolean inputEnded;
  private boolean finished; // and the other side has heard it
  private @Nullable SlowReader unsent; // once a backend has not taken something

  RelaySide(Relay relay, Channel channel) {
    this.relay = relay;
    this.channel = channel;
  }

  void facing(RelaySide opposite) {
    other = opposite;
  }

  Channel channel() {
    return channel;
  }

  /** Sends on what was read; consumes it. */
  void pass(ByteBuf bytes) {
    int count = bytes.readableBytes();
    Channel to = other.channel;
    if (finished || !to.isActive()) {
      bytes.release(); // nobody hears it
      return;
    }
    uncounted += count;
    unflushed += count;
    to.write(bytes, to.voidPromise());
    if (unflushed >= FLUSH_BYTES) {
      flush(to);
    }
  }

  private void flush(Channel to) {
    unflushed = 0;
    to.flush();
    if (!to.isWritable()) {
      channel.config().setAutoRead(false);
    }
  }

  /** What was passed since the last time goes out, in one write. */
  void passed() {
    if (uncounted == 0) {
      return;
    }
    relay.passed(this, uncounted);
    uncounted = 0;
    if (unflushed > 0) {
      flush(other.channel);
    }
  }

  /** A side that has no more to say may still have something to hear: only this half is closed. */
  void endInput() {
    if (inputEnded) {
      return;
    }
    inputEnded = true;
    other
        .channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER) // behind all that was written before
        .addListener((ChannelFutureListener) sent -> passedOn(sent.isSuccess()));
  }

  /** The other side has got all that came from here, and its end. */
  private void passedOn(boolean sent) {
    finished = true;
    if (other.finished || !sent) {
      relay.close();
    } else {
      ((DuplexChannel) other.channel).shutdownOutput();
    }
  }

  /** Nothing can be written here any more; what the peer said before is still to be read. */
  private void unheard() {
    other.inputEnded = true;
    other.finished = true;
    other.channel.config().setAutoRead(false);
    if (finished) {
      relay.close();
    } else {
      channel.config().setAutoRead(true);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    pass((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    passed();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (channel.isWritable() && !other.finished) {
      other.channel.config().setAutoRead(true);
    }
    if (relay.isToBackend(this)) {
      watch();
    }
  }

  /** A client has one that watches whatever it does; a backend may outlive it. */
  private void watch() {
    if (channel.isWritable()) {
      taken();
    } else if (channel.isOpen()) {
      if (unsent == null) {
        unsent = new Unsent();
      }
      relay.slowReaders().add(unsent);
    }
  }

  private void taken() {
    if (unsent != null) {
      relay.slowReaders().remove(unsent);
    }
  }

  /** What a backend does not take. */
  private final class Unsent extends SlowReader {
    @Override
    protected void cut() {
      if (channel.isOpen() && !channel.isWritable()) {
        relay.cut();
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      passed();
      endInput();
    } else if (event instanceof Failure why) {
      relay.failed(why);
    }
  }

  /** Gone altogether: the other side gets what came, and then the same. */
  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    taken();
    passed();
    other.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    relay.closed();
  }

  /**
   * Mostly a reset. Met while reading, it is the end: the channel then shuts its input down, right
   * after this. Met while writing it can stand behind bytes that have not been read: a backend that
   * refuses early, answers and closes.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.channel()
        .eventLoop()
        .execute(() -> {
          if (((DuplexChannel) channel).isInputShutdown()) {
            channel.close();
          } else {
            unheard();
          }
        });
  }
}
