package io.weir.daemon.admin;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandler;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** The kinds of listening channel that a loop can drive. */
enum AdminTransport {
  EPOLL(EpollIoHandler.class, EpollServerSocketChannel.class, EpollServerDomainSocketChannel.class),
  IO_URING(
      IoUringIoHandler.class,
      IoUringServerSocketChannel.class,
      IoUringServerDomainSocketChannel.class),
  NIO(IoHandler.class, NioServerSocketChannel.class, NioServerDomainSocketChannel.class);

  private final Class<? extends IoHandler> handler;
  private final Class<? extends ServerChannel> tcp;
  private final Class<? extends ServerChannel> unix;

  AdminTransport(
      Class<? extends IoHandler> handler,
      Class<? extends ServerChannel> tcp,
      Class<? extends ServerChannel> unix) {
    this.handler = handler;
    this.tcp = tcp;
    this.unix = unix;
  }

  /** What the loop runs on; NIO when it is nothing else. */
  static AdminTransport of(EventLoop loop) {
    for (AdminTransport transport : values()) {
      if (loop instanceof IoEventLoop io && io.isIoType(transport.handler)) {
        return transport;
      }
    }
    return NIO;
  }

  Class<? extends ServerChannel> tcp() {
    return tcp;
  }

  Class<? extends ServerChannel> unix() {
    return unix;
  }

  /** The JDK's channel and Netty's own each know one of two classes for the same address. */
  SocketAddress address(UnixDomainSocketAddress socket) {
    return this == NIO ? socket : new DomainSocketAddress(socket.toString());
  }
}
