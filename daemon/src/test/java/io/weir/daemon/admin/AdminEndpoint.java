package io.weir.daemon.admin;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.weir.metrics.Exposition;
import io.weir.metrics.LatencyScope;
import io.weir.metrics.LiveStats;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What a class of tests extends that asks an admin endpoint. */
abstract class AdminEndpoint {
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Metrics metrics = new Metrics(1);
  final FakeOperations operations = new FakeOperations();
  AdminServer server;
  int port;

  @BeforeEach
  final void start() throws IOException {
    metrics.permanent().counter(MetricName.CONFIG_RELOADS, "ok");
    metrics.permanent().latency(LatencyScope.TOTAL);
    metrics.permanent().latency(LatencyScope.ROUTE, "shop");
    LiveStats stats = new LiveStats(metrics);
    stats.tick(0);
    server =
        new AdminServer(
            loop.next(),
            operations,
            new Exposition(metrics, List.of()),
            stats,
            InstantSource.fixed(FakeOperations.NOW));
    port = server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).getPort();
  }

  @AfterEach
  final void stop() {
    server.close();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** What comes back, head and body, for a head without its end. */
  byte[] bytes(String head, String body) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String length = head.contains("Content-Length") ? "" : "\r\nContent-Length: " + body.length();
      String request = head + length + "\r\nConnection: close\r\n\r\n" + body;
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return socket.getInputStream().readAllBytes();
    }
  }

  String ask(String head) throws IOException {
    return new String(bytes(head, ""), StandardCharsets.UTF_8);
  }

  String get(String path) throws IOException {
    return ask("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port);
  }

  String post(String path, String type, String body) throws IOException {
    String head =
        "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nContent-Type: " + type;
    return new String(bytes(head, body), StandardCharsets.UTF_8);
  }

  static String body(String answer) {
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }
}
