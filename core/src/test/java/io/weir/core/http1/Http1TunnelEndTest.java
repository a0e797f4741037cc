package io.weir.core.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.weir.core.http.TunnelListener;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.worker.StandingWorker;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A connection that has left HTTP with bytes behind its last head. */
class Http1TunnelEndTest {
  @Test
  void earlyBytesThatSomeoneCannotTakeStopTheReading() throws Exception {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try (ByteBackend peer = ByteBackend.playing(on -> on.waitsForEnd())) {
      ByteBuf early = Unpooled.wrappedBuffer(new byte[10]);
      Http1TunnelEnd end = new Http1TunnelEnd(StandingWorker.create(), early, false);
      Channel channel =
          new Bootstrap()
              .group(loop)
              .channel(NioSocketChannel.class)
              .handler(end)
              .connect(peer.address())
              .sync()
              .channel();
      Full full = new Full(end);
      loop.submit(() -> end.begin(full)).sync();
      assertThat(full.bytes).isEqualTo(10);
      assertThat(channel.config().isAutoRead()).isFalse();
      channel.close().sync();
    } finally {
      // Not close(): it takes no task any more, and a channel that has closed has one left.
      loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  /** Takes what comes, and for now no more. */
  private static final class Full implements TunnelListener {
    private final Http1TunnelEnd from;
    private volatile int bytes;

    Full(Http1TunnelEnd from) {
      this.from = from;
    }

    @Override
    public void onBytes(ByteBuf data) {
      bytes += data.readableBytes();
      data.release();
      from.read(false);
    }

    @Override
    public void onBatchEnd() {}

    @Override
    public void onEnd() {}

    @Override
    public void onWritability(boolean writable) {}

    @Override
    public void onOverload() {
      throw new AssertionError("nothing waits here");
    }

    @Override
    public void onClosed() {}
  }
}
