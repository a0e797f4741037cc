package io.weir.core.testkit;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/** Node's own server of HTTP/2 that takes WebSockets on streams, and sends back their bytes. */
public final class NodeWebSockets implements AutoCloseable {
  private static final String SERVER =
      """
      const server = require("http2").createServer({ settings: { enableConnectProtocol: true } });
      server.on("stream", (stream, headers) => {
        if (headers[":method"] !== "CONNECT" || headers[":protocol"] !== "websocket") {
          stream.respond({ ":status": 400 }, { endStream: true });
          return;
        }
        stream.respond({ ":status": 200 });
        stream.pipe(stream);
      });
      server.listen(Number(process.argv[2]), "127.0.0.1");
      """;

  private final RealServer server;

  private NodeWebSockets(RealServer server) {
    this.server = server;
  }

  public static NodeWebSockets echoing() {
    RealServer.Setup setup =
        (folder, address) -> {
          Path script = folder.resolve("server.js");
          RealServer.write(script, SERVER);
          return List.of(script.toString(), Integer.toString(address.getPort()));
        };
    return new NodeWebSockets(RealServer.start(Program.find("node", "nodejs"), setup));
  }

  public InetSocketAddress address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
  }
}
