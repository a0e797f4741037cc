package io.weir.core.testkit;

import java.net.InetSocketAddress;
import java.util.List;

/** A real HAProxy that asks for a PROXY header and answers with the client that it was told of. */
public final class HaproxyBackend implements AutoCloseable {
  private final RealServer server;

  private HaproxyBackend(RealServer server) {
    this.server = server;
  }

  /** Answers {@code source port destination port}. */
  public static HaproxyBackend told() {
    RealServer.Setup setup =
        (folder, address) -> {
          RealServer.write(
              folder.resolve("haproxy.cfg"),
              """
              defaults
                mode http
                timeout client 30s
                timeout server 30s
                timeout connect 5s
              frontend told
                bind 127.0.0.1:%d accept-proxy
                http-request return status 200 content-type text/plain lf-string "%%[src] %%[src_port] %%[dst] %%[dst_port]"
              """
                  .formatted(address.getPort()));
          return List.of("-db", "-f", folder.resolve("haproxy.cfg").toString());
        };
    return new HaproxyBackend(RealServer.start(Program.find("haproxy", "haproxy"), setup));
  }

  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
  }
}
