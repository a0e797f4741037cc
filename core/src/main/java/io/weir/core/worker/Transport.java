package io.weir.core.worker;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.util.function.Supplier;

/**
 * How sockets are driven, each with Netty's factories for it.
 *
 * <p>Addresses are the JDK's: an {@code InetSocketAddress}, or a {@link UnixDomainSocketAddress}
 * for the file that is a Unix socket.
 */
@SuppressWarnings("ImmutableEnumChecker") // factories without state
public enum Transport {
  EPOLL(
      EpollIoHandler::newFactory,
      EpollServerSocketChannel::new,
      EpollSocketChannel::new,
      EpollServerDomainSocketChannel::new,
      EpollDomainSocketChannel::new,
      UnixChannelOption.SO_REUSEPORT),
  IO_URING(
      IoUringIoHandler::newFactory,
      IoUringServerSocketChannel::new,
      IoUringSocketChannel::new,
      IoUringServerDomainSocketChannel::new,
      IoUringDomainSocketChannel::new,
      UnixChannelOption.SO_REUSEPORT),
  NIO(
      NioIoHandler::newFactory,
      NioServerSocketChannel::new,
      NioSocketChannel::new,
      NioServerDomainSocketChannel::new,
      NioDomainSocketChannel::new,
      NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT));

  private final Supplier<IoHandlerFactory> handler;
  private final ChannelFactory<? extends ServerChannel> server;
  private final ChannelFactory<? extends Channel> client;
  private final ChannelFactory<? extends ServerChannel> unixServer;
  private final ChannelFactory<? extends Channel> unixClient;
  private final ChannelOption<Boolean> reusePort;

  Transport(
      Supplier<IoHandlerFactory> handler,
      ChannelFactory<? extends ServerChannel> server,
      ChannelFactory<? extends Channel> client,
      ChannelFactory<? extends ServerChannel> unixServer,
      ChannelFactory<? extends Channel> unixClient,
      ChannelOption<Boolean> reusePort) {
    this.handler = handler;
    this.server = server;
    this.client = client;
    this.unixServer = unixServer;
    this.unixClient = unixClient;
    this.reusePort = reusePort;
  }

  /** Whether this system has it. */
  public boolean isAvailable() {
    return switch (this) {
      case EPOLL -> Epoll.isAvailable();
      case IO_URING -> IoUring.isAvailable();
      case NIO -> true;
    };
  }

  public IoHandlerFactory ioHandlers() {
    return handler.get();
  }

  /** Listening sockets for addresses of that kind. */
  public ChannelFactory<? extends ServerChannel> serverChannels(SocketAddress local) {
    return isUnix(local) ? unixServer : server;
  }

  /** What connects to an address, without waiting for more before it sends. */
  public Bootstrap connecting(EventLoop loop, SocketAddress remote) {
    Bootstrap bootstrap = new Bootstrap().group(loop).remoteAddress(address(remote));
    return isUnix(remote)
        ? bootstrap.channelFactory(unixClient)
        : bootstrap.channelFactory(client).option(ChannelOption.TCP_NODELAY, true);
  }

  /** As its channels want it: the JDK and Netty's own have a class each for a Unix socket. */
  public SocketAddress address(SocketAddress plain) {
    return plain instanceof UnixDomainSocketAddress unix && this != NIO
        ? new DomainSocketAddress(unix.toString())
        : plain;
  }

  private static boolean isUnix(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress;
  }

  public ChannelOption<Boolean> reusePort() {
    return reusePort;
  }

  /** As operators write it. */
  public String label() {
    return switch (this) {
      case EPOLL -> "epoll";
      case IO_URING -> "io_uring";
      case NIO -> "nio";
    };
  }
}
