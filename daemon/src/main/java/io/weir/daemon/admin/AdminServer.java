package io.weir.daemon.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.weir.core.listener.SocketFile;
import io.weir.daemon.admin.AdminHandler.Shared;
import io.weir.metrics.Exposition;
import io.weir.metrics.LiveStats;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The admin endpoint's own listeners, on the control loop: a scrape or a slow browser takes nothing
 * from a worker.
 *
 * <p>Bound and closed by one thread, which is not the control loop.
 */
public final class AdminServer implements AutoCloseable {
  /** A question about a request carries its head; more than this is 413. */
  private static final int MAX_BODY = 64 * 1024;

  /** Browsers, scrapers and scripts of one machine; more are closed. */
  private static final int MAX_CONNECTIONS = 256;

  /** Longer than a usual scrape interval, so that a scraper keeps its connection. */
  private static final int IDLE_SECONDS = 120;

  /** Of the Unix socket, as chmod takes it: whoever can connect may do everything. */
  private static final int OWNER_AND_GROUP = 0660;

  private final EventLoop loop;
  private final AdminTransport transport;
  private final Shared shared;
  private final ChannelGroup listeners;
  private final ChannelGroup connections;
  private final List<SocketFile> sockets = new ArrayList<>();

  public AdminServer(
      EventLoop loop,
      Operations operations,
      Exposition exposition,
      LiveStats stats,
      InstantSource clock) {
    this.loop = loop;
    transport = AdminTransport.of(loop);
    BansResource bans = new BansResource(operations.bans(), operations.bansExecutor(), clock);
    RefusalFeed feed = new RefusalFeed(operations, loop, clock.millis());
    shared = new Shared(operations, bans, feed, exposition, stats, clock);
    listeners = new DefaultChannelGroup(loop);
    connections = new DefaultChannelGroup(loop);
  }

  /**
   * Listens on an address of the loopback.
   *
   * @return the address, with the port that the system chose for 0
   * @throws IOException saying why not
   */
  public InetSocketAddress bind(InetSocketAddress address) throws IOException {
    if (address.isUnresolved() || !address.getAddress().isLoopbackAddress()) {
      throw new IOException(
          "not a loopback address (expected: 127.0.0.1, ::1 or a Unix socket, since whoever"
              + " reaches the admin endpoint may do everything)");
    }
    return (InetSocketAddress) listen(transport.tcp(), address, true).localAddress();
  }

  /**
   * Listens on a Unix socket, for its owner and group; what a dead process left is replaced.
   *
   * @throws IOException saying why not
   */
  public void bind(Path socket) throws IOException {
    SocketFile file = new SocketFile(UnixDomainSocketAddress.of(socket));
    listen(transport.unix(), transport.address(file.free()), false);
    file.publish(OWNER_AND_GROUP);
    sockets.add(file);
  }

  /** Stops listening and closes what is open. */
  @Override
  public void close() {
    for (SocketFile socket : sockets) {
      try {
        socket.remove();
      } catch (IOException e) {
        // The next start finds it stale and replaces it.
      }
    }
    listeners.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
  }

  private Channel listen(
      Class<? extends ServerChannel> type, SocketAddress address, boolean overTcp)
      throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop, loop)
            .channel(type)
            .childHandler(new Pipeline(overTcp))
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(bound.cause().getMessage(), bound.cause());
    }
    listeners.add(bound.channel());
    return bound.channel();
  }

  private final class Pipeline extends ChannelInitializer<Channel> {
    private final boolean overTcp;

    Pipeline(boolean overTcp) {
      this.overTcp = overTcp;
    }

    @Override
    protected void initChannel(Channel channel) {
      if (connections.size() >= MAX_CONNECTIONS) {
        channel.close();
        return;
      }
      connections.add(channel);
      channel
          .pipeline()
          .addLast(new IdleStateHandler(0, 0, IDLE_SECONDS))
          .addLast(new HttpServerCodec())
          .addLast(new HttpServerKeepAliveHandler())
          .addLast(new HttpContentCompressor())
          .addLast(new AdminBodies(MAX_BODY))
          .addLast(new AdminHandler(shared, overTcp));
    }
  }
}
