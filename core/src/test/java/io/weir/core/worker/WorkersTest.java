package io.weir.core.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.weir.metrics.Metrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkersTest {
  /** A loop looks whether it is to end, and closes its channels then, before it runs its tasks. */
  @ParameterizedTest
  @EnumSource(Transport.class)
  void whatIsOpenIsClosedAlsoWhereTheEndComesInTheMidstOfATask(Transport transport)
      throws InterruptedException {
    assumeThat(transport.isAvailable()).as(transport.label()).isTrue();
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Channel open;
    try (Workers workers = new Workers(transport, new Metrics(1), Clock.SYSTEM)) {
      EventLoop loop = workers.all().getFirst().loop();
      open =
          new ServerBootstrap()
              .group(loop)
              .channelFactory(transport.serverChannels(anyPort))
              .childHandler(new ChannelInboundHandlerAdapter())
              .bind(anyPort)
              .sync()
              .channel();
      CountDownLatch begun = new CountDownLatch(1);
      loop.execute(() -> {
        begun.countDown();
        while (!loop.isShuttingDown()) {
          Thread.onSpinWait();
        }
      });
      begun.await();
    }
    assertThat(open.isOpen()).isFalse();
  }
}
