package io.weir.core.listener;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.util.NetUtil;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.worker.Clock;
import io.weir.core.worker.Transport;
import io.weir.core.worker.Worker;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The addresses that are bound. Driven by the control thread, which may wait here.
 *
 * <p>A reload first prepares what is new, which can fail and then changes nothing; when all workers
 * have adopted the new snapshot it retires what is gone.
 */
public final class Listeners {
  /** Connections that may wait to be accepted, as much as usual kernels allow. */
  private static final int BACKLOG = 4096;

  /** A loop that has not closed its sockets by then hangs, and closes them when it goes on. */
  private static final Duration MOST_RETIRING = Duration.ofSeconds(10);

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
    permit(wanted, fresh);
    bound.putAll(fresh);
  }

  /** What stays bound, for whom it is from now on. */
  private void permit(List<Endpoint> wanted, Map<Object, BoundAddress> fresh) throws BindException {
    for (Endpoint endpoint : wanted) {
      BoundAddress address = bound.get(endpoint.key());
      try {
        if (address != null) {
          address.permit(endpoint.socketMode());
        }
      } catch (IOException e) {
        fresh.values().forEach(Listeners::unbind);
        throw new BindException(endpoint, e);
      }
    }
  }

  /**
   * Gives every wanted address to its listener; who still comes to the others is served as before.
   * Before workers adopt.
   *
   * @param before the snapshot that is in force until then
   */
  public void assign(List<Endpoint> wanted, Snapshot before) {
    unwanted(wanted).forEach(address -> address.leave(before));
    for (Endpoint endpoint : wanted) {
      BoundAddress address = bound.get(endpoint.key());
      if (address != null) {
        address.serve(endpoint.listener());
      }
    }
  }

  /** Unbinds what is no longer wanted when nobody waits there; its open connections go on. */
  public void retire(List<Endpoint> wanted) {
    retire(wanted, MOST_RETIRING);
  }

  private void retire(List<Endpoint> wanted, Duration within) {
    long until = Clock.SYSTEM.nanos() + within.toNanos();
    List<BoundAddress> gone = unwanted(wanted);
    bound.values().removeAll(gone);
    gone.forEach(Listeners::removeFile); // from here on nobody new finds it
    List<ChannelFuture> closing = new ArrayList<>();
    for (BoundAddress address : gone) {
      for (Channel socket : address.sockets()) {
        closing.add(LastAccepts.thenClose(socket));
      }
    }
    for (ChannelFuture each : closing) {
      each.awaitUninterruptibly(until - Clock.SYSTEM.nanos(), TimeUnit.NANOSECONDS);
    }
  }

  private List<BoundAddress> unwanted(List<Endpoint> wanted) {
    Set<Object> keys = new HashSet<>();
    wanted.forEach(endpoint -> keys.add(endpoint.key()));
    return bound.values().stream().filter(address -> !keys.contains(address.key())).toList();
  }

  /** Accepts nothing any more; who waits to be accepted still is, if that takes no longer. */
  public void drain(Duration within) {
    retire(List.of(), within.compareTo(MOST_RETIRING) < 0 ? within : MOST_RETIRING);
  }

  /** Accepts nothing any more, at once. */
  public void close() {
    bound.values().forEach(Listeners::unbind);
    bound.clear();
  }

  /** Where a listener can be reached, with the ports that the system chose. */
  public List<SocketAddress> addresses(String listener) {
    return bound.values().stream()
        .filter(address -> address.listener().equals(listener))
        .map(BoundAddress::localAddress)
        .toList();
  }

  private void bind(BoundAddress address) throws BindException {
    switch (address.endpoint().address()) {
      case InetSocketAddress inet -> bind(address, inet);
      case UnixDomainSocketAddress unix -> bind(address, unix);
      default -> throw new IllegalArgumentException(address.endpoint().toString());
    }
  }

  private void bind(BoundAddress address, InetSocketAddress wanted) throws BindException {
    probe(address.endpoint(), wanted);
    List<Channel> sockets = new ArrayList<>();
    SocketAddress exact = wanted;
    try {
      for (WorkerDoor door : doors) {
        Transport transport = door.worker().transport();
        ServerBootstrap server =
            new ServerBootstrap()
                .group(door.worker().loop())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(transport.reusePort(), true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new DownstreamInitializer(address, door, limit));
        Channel socket = bind(server, transport, exact, address.endpoint());
        sockets.add(socket);
        exact = socket.localAddress(); // port 0 was chosen by the first
      }
    } finally {
      address.sockets(sockets);
    }
  }

  private void bind(BoundAddress address, UnixDomainSocketAddress wanted) throws BindException {
    SocketFile file = new SocketFile(wanted);
    Worker first = doors.getFirst().worker();
    ServerBootstrap server =
        new ServerBootstrap()
            .group(first.loop(), first.loop().parent())
            .childHandler(new Spreading(address, doors, limit));
    try {
      Channel socket = bind(server, first.transport(), file.free(), address.endpoint());
      address.sockets(List.of(socket));
      file.publish(address.endpoint().socketMode());
      address.file(file, address.endpoint().socketMode());
    } catch (IOException e) {
      throw new BindException(address.endpoint(), e);
    }
  }

  private static Channel bind(
      ServerBootstrap server, Transport transport, SocketAddress exact, Endpoint endpoint)
      throws BindException {
    ChannelFuture binding =
        server
            .channelFactory(transport.serverChannels(exact))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .bind(transport.address(exact));
    binding.awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw new BindException(endpoint, binding.cause());
    }
    return binding.channel();
  }

  /**
   * SO_REUSEPORT would let a second process of the same user share the port in silence: bind once
   * without it.
   */
  private static void probe(Endpoint endpoint, InetSocketAddress address) throws BindException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address, 1);
    } catch (IOException e) {
      throw new BindException(endpoint, e);
    }
  }

  private static void unbind(BoundAddress address) {
    removeFile(address);
    for (Channel socket : address.sockets()) {
      socket.close().awaitUninterruptibly();
    }
  }

  private static void removeFile(BoundAddress address) {
    SocketFile file = address.file();
    if (file != null) {
      try {
        file.remove();
      } catch (IOException e) {
        // Whoever binds it next finds that nobody listens, and replaces it.
      }
    }
  }

  /** As operators write it. */
  public static String text(SocketAddress address) {
    return switch (address) {
      case InetSocketAddress inet when inet.getAddress() instanceof Inet6Address ->
          NetUtil.toSocketAddressString(inet);
      case InetSocketAddress inet -> inet.getHostString() + ":" + inet.getPort();
      case UnixDomainSocketAddress unix -> "unix:" + unix;
      default -> address.toString();
    };
  }

  /** The address to bind for what the operator wrote; an empty host is every address. */
  public static InetSocketAddress resolve(String host, int port) {
    return host.isEmpty()
        ? new InetSocketAddress((InetAddress) null, port)
        : new InetSocketAddress(host, port);
  }
}
