package io.weir.daemon.demo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Three small web servers on free ports of the loopback, the third of which is flaky. */
public final class DemoBackends implements AutoCloseable {
  private static final List<String> NAMES = List.of("one", "two", "three");
  private static final String FLAKY = "three";

  /** A request to the demo carries a few bytes, if any. */
  private static final int MAX_BODY = 64 * 1024;

  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("weir-demo-backends", true), NioIoHandler.newFactory());
  private final List<Integer> ports = new ArrayList<>();

  /**
   * Starts them.
   *
   * @param nanos a clock that only goes forward, which tells the flaky one when to fail
   */
  public DemoBackends(LongSupplier nanos) throws IOException {
    Flakiness flakiness = new Flakiness(nanos);
    for (String name : NAMES) {
      ports.add(listen(name, name.equals(FLAKY) ? flakiness : Flakiness.NONE));
    }
  }

  /** Where they listen, in the order of their names. */
  public List<Integer> ports() {
    return List.copyOf(ports);
  }

  @Override
  public void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private int listen(String name, Flakiness flakiness) throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new HttpServerKeepAliveHandler())
                        .addLast(new HttpObjectAggregator(MAX_BODY))
                        .addLast(new DemoBackend(name, flakiness));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new IOException(bound.cause());
    }
    return ((InetSocketAddress) bound.channel().localAddress()).getPort();
  }
}
