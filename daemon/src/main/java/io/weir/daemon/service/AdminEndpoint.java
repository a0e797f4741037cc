package io.weir.daemon.service;

import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import io.weir.core.config.HostPort;
import io.weir.daemon.admin.AdminServer;
import io.weir.daemon.admin.Operations;
import io.weir.daemon.config.AdminConfig;
import io.weir.daemon.problem.FileFailure;
import io.weir.metrics.Exposition;
import io.weir.metrics.LiveStats;
import io.weir.metrics.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Where operators and their tools ask the daemon: the admin endpoint, bound. */
final class AdminEndpoint implements AutoCloseable {
  private final AdminServer server;
  private final InetSocketAddress address;
  private final List<String> inWords;

  private AdminEndpoint(AdminServer server, AdminConfig config) throws CannotStart {
    this.server = server;
    address = bind(server, config.bind());
    inWords = new ArrayList<>();
    inWords.add("http://" + NetUtil.toSocketAddressString(address) + "/");
    Path socket = config.socket();
    if (socket != null) {
      bind(server, socket);
      inWords.add("unix:" + socket);
    }
  }

  /** Binds what the configuration asks for. */
  static AdminEndpoint open(
      AdminConfig config,
      EventLoop loop,
      Operations operations,
      Metrics metrics,
      LiveStats stats,
      InstantSource clock)
      throws CannotStart {
    JvmSeries jvm = new JvmSeries();
    Exposition exposition = new Exposition(metrics, List.of(jvm));
    AdminServer server = new AdminServer(loop, operations, exposition, stats, clock);
    AdminEndpoint endpoint;
    try {
      endpoint = new AdminEndpoint(server, config);
    } catch (CannotStart e) {
      server.close();
      throw e;
    }
    // The JVM's own series take a while to set up, which the first scrape should not have to wait.
    Thread.ofPlatform().daemon().name("weir-jvm-series").start(jvm::register);
    return endpoint;
  }

  /** On the network. */
  InetSocketAddress address() {
    return address;
  }

  /** All places, for the operator. */
  List<String> inWords() {
    return inWords;
  }

  private static InetSocketAddress bind(AdminServer server, HostPort wanted) throws CannotStart {
    try {
      return server.bind(new InetSocketAddress(wanted.host(), wanted.port()));
    } catch (IOException e) {
      throw new CannotStart(
          "admin.bind: "
              + BindFailure.explain(
                  wanted.toString(), wanted.port(), String.valueOf(e.getMessage())));
    }
  }

  private static void bind(AdminServer server, Path socket) throws CannotStart {
    try {
      server.bind(socket);
    } catch (IOException e) {
      throw new CannotStart("admin.socket: " + socket + ": " + FileFailure.explain(e));
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
