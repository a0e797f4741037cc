package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits that tell clients where they stand, in the fields of the IETF's draft. */
class RateLimitHeadersTest {
  private static final String TEXT =
      """
      version: 1
      listeners: { web: { bind: "127.0.0.1:0" } }
      firewall:
        rules:
          - name: told
            match: { path: /told/* }
            action: { limit: { key: ip, rate: 2/d, headers: true } }
          - name: by-hour
            match: { path: /told/* }
            action: { limit: { key: ip, rate: 1000/h, burst: 10, headers: true } }
          - name: silent
            match: { path: [/told/*, /silent/*] }
            action: { limit: { key: ip, rate: 100/d } }
          - name: tried
            match: { path: /told/* }
            action: { limit: { key: ip, rate: 1/d, headers: true } }
            mode: report
      pools: { app: { backends: ["127.0.0.1:%d"] } }
      routes:
        - { match: { path: /told/edited }, respond: { status: 204 }, response_headers: { remove: ratelimit } }
        - { match: { path: /told/own }, respond: { status: 204 } }
        - { pool: app }
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;

  private static List<String> field(HttpResponse<String> answer, String name) {
    return answer.headers().allValues(name);
  }

  @Test
  void whatPassesAndWhatIsLimitedSaysWhereTheClientStands() throws Exception {
    HttpServer backend =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("RateLimit", "\"app\";r=7");
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    backend.start();
    try (DaemonUnderTest daemon =
        DaemonUnderTest.start(folder, TEXT.formatted(backend.getAddress().getPort()))) {
      HttpResponse<String> first = daemon.get("/told/x");
      assertThat(first.statusCode()).isEqualTo(204);
      assertThat(field(first, "ratelimit-policy"))
          .containsExactly("\"told\";q=2;w=86400, \"by-hour\";q=10;w=36");
      assertThat(field(first, "ratelimit"))
          .containsExactly("\"app\";r=7", "\"told\";r=1;t=43200, \"by-hour\";r=9;t=4");
      HttpResponse<String> second = daemon.get("/told/own");
      assertThat(second.statusCode()).isEqualTo(204);
      assertThat(field(second, "ratelimit").toString()).contains("\"told\";r=0;t=43200");
      HttpResponse<String> limited = daemon.get("/told/edited");
      assertThat(limited.statusCode()).isEqualTo(429);
      assertThat(field(limited, "retry-after")).hasSize(1);
      assertThat(field(limited, "ratelimit-policy")).containsExactly("\"told\";q=2;w=86400");
      assertThat(field(limited, "ratelimit")).as("taken out by the route").isEmpty();
      HttpResponse<String> again = daemon.get("/told/x");
      assertThat(field(again, "ratelimit")).hasSize(1);
      assertThat(field(again, "ratelimit"))
          .as("no later than the client is told to come back")
          .containsExactly("\"told\";r=0;t=" + field(again, "retry-after").getFirst());
      assertThat(field(daemon.get("/silent/x"), "ratelimit")).containsExactly("\"app\";r=7");
      assertThat(field(daemon.get("/silent/x"), "ratelimit-policy")).isEmpty();
    } finally {
      backend.stop(0);
    }
  }
}
