package io.weir.core.worker;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import java.net.StandardSocketOptions;
import java.util.function.Supplier;

/** How sockets are driven, each with Netty's factories for it. */
@SuppressWarnings("ImmutableEnumChecker") // factories without state
public enum Transport {
  EPOLL(
      EpollIoHandler::newFactory,
      EpollServerSocketChannel::new,
      EpollSocketChannel::new,
      UnixChannelOption.SO_REUSEPORT),
  IO_URING(
      IoUringIoHandler::newFactory,
      IoUringServerSocketChannel::new,
      IoUringSocketChannel::new,
      UnixChannelOption.SO_REUSEPORT),
  NIO(
      NioIoHandler::newFactory,
      NioServerSocketChannel::new,
      NioSocketChannel::new,
      NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT));

  private final Supplier<IoHandlerFactory> handler;
  private final ChannelFactory<? extends ServerChannel> server;
  private final ChannelFactory<? extends SocketChannel> client;
  private final ChannelOption<Boolean> reusePort;

  Transport(
      Supplier<IoHandlerFactory> handler,
      ChannelFactory<? extends ServerChannel> server,
      ChannelFactory<? extends SocketChannel> client,
      ChannelOption<Boolean> reusePort) {
    this.handler = handler;
    this.server = server;
    this.client = client;
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

  public ChannelFactory<? extends ServerChannel> serverChannels() {
    return server;
  }

  public ChannelFactory<? extends SocketChannel> clientChannels() {
    return client;
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
