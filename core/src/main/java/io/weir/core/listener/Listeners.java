package io.weir.core.listener;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.weir.core.worker.Transport;
import io.weir.core.worker.Worker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The addresses that are bound. Driven by the control thread, which may wait here.
 *
 * <p>A reload first prepares what is new, which can fail and then changes nothing; when all workers
 * have adopted the new snapshot it retires what is gone.
 */
public final class Listeners {
  /** Connections that may wait to be accepted, as much as usual kernels allow. */
  private static final int BACKLOG = 4096;

  private final List<WorkerDoor> doors;
  private final ConnectionLimit limit = new ConnectionLimit();
  private final Map<Object, BoundAddress> bound = new LinkedHashMap<>();

  public Listeners(List<WorkerDoor> doors) {
    this.doors = doors;
  }

  public ConnectionLimit limit() {
    return limit;
  }

  /**
   * Binds what is not yet bound. Connections to new addresses are closed until their listener is
   * adopted.
   *
   * @throws BindException naming the first address that cannot be had; nothing has changed then
   */
  public void prepare(List<Endpoint> wanted) throws BindException {
    Map<Object, BoundAddress> fresh = new LinkedHashMap<>();
    for (Endpoint endpoint : wanted) {
      if (bound.containsKey(endpoint.key())) {
        continue;
      }
      BoundAddress address = new BoundAddress(endpoint);
      fresh.put(endpoint.key(), address);
      try {
        bind(address);
      } catch (BindException e) {
        fresh.values().forEach(Listeners::unbind);
        throw e;
      }
    }
    bound.putAll(fresh);
  }

  /** Gives every wanted address to its listener. Before workers adopt. */
  public void assign(List<Endpoint> wanted) {
    for (Endpoint endpoint : wanted) {
      BoundAddress address = bound.get(endpoint.key());
      if (address != null) {
        address.serve(endpoint.listener());
      }
    }
  }

  /** Unbinds what is no longer wanted; its open connections go on. */
  public void retire(List<Endpoint> wanted) {
    Set<Object> keys = new HashSet<>();
    wanted.forEach(endpoint -> keys.add(endpoint.key()));
    Iterator<BoundAddress> each = bound.values().iterator();
    while (each.hasNext()) {
      BoundAddress address = each.next();
      if (!keys.contains(address.key())) {
        each.remove();
        unbind(address);
      }
    }
  }

  /** Accepts nothing any more. */
  public void close() {
    retire(List.of());
  }

  /** Where a listener can be reached, with the ports that the system chose. */
  public List<InetSocketAddress> addresses(String listener) {
    return bound.values().stream()
        .filter(address -> address.listener().equals(listener))
        .map(BoundAddress::localAddress)
        .toList();
  }

  private void bind(BoundAddress address) throws BindException {
    probe(address.address());
    List<Channel> sockets = new ArrayList<>();
    InetSocketAddress exact = address.address();
    try {
      for (WorkerDoor door : doors) {
        Channel socket = bind(address, exact, door);
        sockets.add(socket);
        exact = (InetSocketAddress) socket.localAddress(); // port 0 was chosen by the first
      }
    } finally {
      address.sockets(sockets);
    }
  }

  private Channel bind(BoundAddress address, InetSocketAddress exact, WorkerDoor door)
      throws BindException {
    Worker worker = door.worker();
    Transport transport = worker.transport();
    ChannelFuture binding =
        new ServerBootstrap()
            .group(worker.loop())
            .channelFactory(transport.serverChannels())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(transport.reusePort(), true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(new DownstreamInitializer(address, door, limit))
            .bind(exact);
    binding.awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw new BindException(address.address(), binding.cause());
    }
    return binding.channel();
  }

  /**
   * SO_REUSEPORT would let a second process of the same user share the port in silence: bind once
   * without it.
   */
  private static void probe(InetSocketAddress address) throws BindException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address, 1);
    } catch (IOException e) {
      throw new BindException(address, e);
    }
  }

  private static void unbind(BoundAddress address) {
    for (Channel socket : address.sockets()) {
      socket.close().awaitUninterruptibly();
    }
  }

  /** The address to bind for what the operator wrote; an empty host is every address. */
  public static InetSocketAddress resolve(String host, int port) {
    return host.isEmpty()
        ? new InetSocketAddress((InetAddress) null, port)
        : new InetSocketAddress(host, port);
  }
}
