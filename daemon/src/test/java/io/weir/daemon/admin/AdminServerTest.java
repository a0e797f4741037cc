package io.weir.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Probes, metrics, figures and the page; and whom they are served to. */
class AdminServerTest extends AdminEndpoint {
  @Test
  void aProbeLearnsThatItLivesAndWhetherItIsReady() throws IOException {
    assertThat(get("/healthz")).startsWith("HTTP/1.1 200 ").endsWith("alive\n");
    assertThat(get("/readyz")).startsWith("HTTP/1.1 200 ").endsWith("ready\n");
    operations.ready = false;
    assertThat(get("/healthz")).startsWith("HTTP/1.1 200 ");
    assertThat(get("/readyz")).startsWith("HTTP/1.1 503 ").endsWith("not ready\n");
  }

  @Test
  void aScraperGetsTheFormatThatItAsksFor() throws IOException {
    assertThat(get("/metrics"))
        .contains("content-type: text/plain; version=0.0.4")
        .contains("weir_config_reloads_total{result=\"ok\"} 0.0\n");
    assertThat(
            ask("GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: application/openmetrics-text"))
        .contains("content-type: application/openmetrics-text")
        .endsWith("# EOF\n");
  }

  @Test
  void whoTakesGzipGetsGzip() throws IOException {
    byte[] answer = bytes("GET /metrics HTTP/1.0\r\nHost: localhost\r\nAccept-Encoding: gzip", "");
    String head = new String(answer, StandardCharsets.ISO_8859_1);
    assertThat(head).contains("content-encoding: gzip");
    int start = head.indexOf("\r\n\r\n") + 4;
    byte[] packed = Arrays.copyOfRange(answer, start, answer.length);
    String text =
        new String(
            new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes(),
            StandardCharsets.UTF_8);
    assertThat(text).contains("weir_config_reloads_total");
  }

  @Test
  void statusTellsWhatIsServed() throws IOException {
    var status = JSON.std.mapFrom(body(get("/api/v1/status")));
    assertThat(status)
        .containsEntry("version", "1.0")
        .containsEntry("uptime_seconds", 90)
        .containsEntry("ready", true)
        .containsEntry("transport", "epoll");
    assertThat(status.get("config").toString()).contains("weir.yaml", "0a1b", "last_reload=ok");
    assertThat(status.get("listeners").toString()).contains("127.0.0.1:8443", "connections=3");
    assertThat(status.get("pools").toString()).contains("a:1", "state=up", "in_flight=4");
    assertThat(status.get("rules").toString()).contains("bad", "report", "matches=5");
  }

  @Test
  void statsHaveAllWindowsAndPercentiles() throws IOException {
    var stats = JSON.std.mapFrom(body(get("/api/v1/stats")));
    assertThat(stats.get("total").toString())
        .contains("1s=", "10s=", "1m=", "p50=", "p90=", "p99=", "p99.9=", "error_ratio=");
    assertThat(stats.get("routes").toString()).contains("route=shop");
    assertThat(stats).containsKeys("listeners", "pools", "backends");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST:9717", "127.0.0.1", "127.8.9.1:80", "[::1]:9717", "[::1]"})
  void namesOfThisMachineAreServed(String host) throws IOException {
    assertThat(ask("GET /healthz HTTP/1.1\r\nHost: " + host)).startsWith("HTTP/1.1 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "192.0.2.1:9717",
        "0.0.0.0",
        "[2001:db8::1]",
        "[::1",
        "",
        "localhost\r\nHost: evil.example"
      })
  void aPageThatPointsItsOwnNameHereIsRefused(String host) throws IOException {
    assertThat(ask("GET /api/v1/status HTTP/1.1\r\nHost: " + host))
        .startsWith("HTTP/1.1 403 ")
        .contains("application/problem+json")
        .doesNotContain("weir.yaml");
  }

  @Test
  void whatIsNotThereIsAProblemAndWhatOnlyReadsTakesNoPost() throws IOException {
    assertThat(get("/nowhere")).startsWith("HTTP/1.1 404 ").contains("application/problem+json");
    assertThat(get("http://evil.example/")).startsWith("HTTP/1.1 404 ");
    assertThat(post("/metrics", "application/json", "{}"))
        .startsWith("HTTP/1.1 405 ")
        .contains("allow: GET, HEAD");
    assertThat(ask("NOT HTTP")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void thePageIsSmallAndItsPolicyStrict() throws IOException {
    int size = 0;
    for (String path : List.of("/", "/dashboard.css", "/dashboard.js")) {
      String answer = get(path);
      assertThat(answer)
          .startsWith("HTTP/1.1 200 ")
          .contains("content-security-policy: default-src 'none'", "nosniff");
      assertThat(body(answer).replace("http://www.w3.org/2000/svg", ""))
          .doesNotContain("http://", "https://", "innerHTML", "eval(");
      size += answer.length();
    }
    assertThat(size).isLessThan(40_000);
  }
}
