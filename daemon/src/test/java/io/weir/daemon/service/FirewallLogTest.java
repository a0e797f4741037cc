package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon whose file says {@code logging.firewall}. */
class FirewallLogTest {
  private static final String TEXT =
      """
      version: 1
      workers: 1
      listeners: { web: { bind: "127.0.0.1:0" } }
      firewall:
        rules:
          - { name: trial, match: { header: { user-agent: { contains: Java } } }, action: { deny: 429 }, mode: report }
          - { name: closed, match: { path: /admin/* }, action: { deny: 403 } }
          - { name: keys, match: { query: { token: { present: true } } }, action: { deny: 401 } }
      routes: [{ respond: { status: 200 } }]
      logging: { firewall: { file: firewall.log } }
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;

  private List<Map<String, Object>> lines(int count) throws IOException {
    Path file = folder.resolve("firewall.log");
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> Files.exists(file) && Files.readAllLines(file).size() >= count);
    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(count);
    return lines.stream().map(FirewallLogTest::map).toList();
  }

  private static Map<String, Object> map(String line) {
    try {
      return JSON.std.mapFrom(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  @Test
  void aLineSaysWhichRuleRefusedWhomByWhatAndWhich() throws Exception {
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, TEXT)) {
      String page = weir.get("/admin/users?a=b", "user-agent", "browser \"1\"").body();
      assertThat(weir.get("/?token=s3cret", "user-agent", "browser").statusCode()).isEqualTo(401);
      assertThat(weir.get("/", "user-agent", "Java").statusCode()).isEqualTo(200);
      assertThat(weir.get("/", "user-agent", "browser").statusCode()).isEqualTo(200);
      List<Map<String, Object>> lines = lines(3);
      assertThat(lines.getFirst())
          .containsOnlyKeys(
              "ts",
              "client_ip",
              "rule",
              "action",
              "mode",
              "field",
              "excerpt",
              "method",
              "host",
              "path",
              "listener",
              "request_id")
          .containsEntry("client_ip", "127.0.0.1")
          .containsEntry("rule", "closed")
          .containsEntry("action", "deny")
          .containsEntry("mode", "enforce")
          .containsEntry("field", "path")
          .containsEntry("excerpt", "/admin/users")
          .containsEntry("method", "GET")
          .containsEntry("host", "127.0.0.1")
          .containsEntry("path", "/admin/users")
          .containsEntry("listener", "web");
      assertThat(lines.getFirst().get("ts").toString())
          .matches("20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-9:]{8}\\.[0-9]{3}Z");
      assertThat(page).contains(lines.getFirst().get("request_id").toString());
      assertThat(lines.get(1)).containsEntry("rule", "keys").containsEntry("excerpt", "[redacted]");
      assertThat(Files.readString(folder.resolve("firewall.log"))).doesNotContain("s3cret");
      assertThat(lines.get(2)).containsEntry("rule", "trial").containsEntry("mode", "report");
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() ->
              assertThat(weir.page("/metrics"))
                  .contains(
                      "weir_log_lines_total{log=\"firewall\"} 3",
                      "weir_log_dropped_total{log=\"firewall\"} 0"));
    }
  }

  @Test
  void afterRotationTheNextLinesGoToTheNewFile() throws Exception {
    Path file = folder.resolve("firewall.log");
    Path rotated = folder.resolve("firewall.log.1");
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, TEXT)) {
      weir.get("/admin/old", "user-agent", "browser");
      lines(1);
      Files.move(file, rotated);
      weir.daemon().reopenLogs(); // as SIGUSR1 does
      await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(file));
      weir.get("/admin/new", "user-agent", "browser");
      assertThat(lines(1).getFirst()).containsEntry("path", "/admin/new");
    }
    assertThat(Files.readAllLines(rotated)).hasSize(1);
  }

  @Test
  void aBanHasALineThatSaysWhoAndForHowLong() throws Exception {
    String text =
        """
        version: 1
        workers: 1
        trusted_proxies: [127.0.0.1]
        listeners: { web: { bind: "127.0.0.1:0" } }
        firewall:
          rules:
            - { name: guessing, match: { path: /login }, action: { limit: { key: ip, rate: 1/h, burst: 1, then: { ban: 15m, after: 2 } } } }
            - { name: trap, match: { path: /trap }, action: { ban: 1h } }
        routes: [{ respond: { status: 200 } }]
        logging: { firewall: { file: firewall.log } }
        admin: { bind: "127.0.0.1:0" }
        """;
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, text)) {
      for (int i = 0; i < 4; i++) { // one is permitted, two are refused, the last one is banned
        weir.get("/login", "x-forwarded-for", "192.0.2.7");
      }
      weir.get("/trap", "x-forwarded-for", "2001:db8:0:1::7");
      List<Map<String, Object>> lines = lines(6);
      List<Map<String, Object>> bans =
          lines.stream().filter(line -> line.containsKey("ban_until")).toList();
      assertThat(bans).hasSize(2);
      assertThat(bans)
          .filteredOn(line -> line.get("client_ip").equals("192.0.2.7"))
          .singleElement()
          .satisfies(ban -> {
            assertThat(ban)
                .containsOnlyKeys(
                    "ts",
                    "client_ip",
                    "rule",
                    "action",
                    "mode",
                    "reason",
                    "ban_seconds",
                    "ban_until",
                    "ban_times")
                .containsEntry("rule", "guessing")
                .containsEntry("action", "ban")
                .containsEntry("mode", "enforce")
                .containsEntry("reason", "guessing")
                .containsEntry("ban_seconds", 900)
                .containsEntry("ban_times", 1);
            Instant from = Instant.parse(ban.get("ts").toString());
            Instant until = Instant.parse(ban.get("ban_until").toString());
            assertThat(until).isEqualTo(from.plusSeconds(900).truncatedTo(ChronoUnit.SECONDS));
          });
      assertThat(bans)
          .filteredOn(line -> line.get("client_ip").equals("2001:db8:0:1::/64"))
          .singleElement()
          .satisfies(ban ->
              assertThat(ban).containsEntry("rule", "trap").containsEntry("ban_seconds", 3600));
      assertThat(lines)
          .filteredOn(line -> line.containsKey("request_id"))
          .extracting(line -> line.get("action"))
          .containsExactly("limit", "limit", "ban", "ban");
    }
  }
}
