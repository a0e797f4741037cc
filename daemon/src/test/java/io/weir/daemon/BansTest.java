package io.weir.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import io.weir.daemon.service.CannotStart;
import io.weir.daemon.service.DaemonUnderTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bans by an operator and by rules, over the admin endpoint and over a restart. */
class BansTest {
  private static final String TEXT =
      """
      version: 1
      trusted_proxies: [127.0.0.1]
      listeners: { web: { bind: "127.0.0.1:0" } }
      firewall:
        rules:
          - { name: trap, match: { path: /trap }, action: { ban: { for: 1h } } }
      routes: [{ respond: { status: 200 } }]
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  private DaemonUnderTest start() throws IOException, CannotStart {
    return DaemonUnderTest.start(
        folder, TEXT, Map.of("STATE_DIRECTORY", Files.createDirectories(state()).toString()));
  }

  private Path state() {
    return folder.resolve("state");
  }

  private HttpResponse<String> ask(DaemonUnderTest daemon, String method, String query, String body)
      throws Exception {
    URI uri =
        URI.create(
            "http://127.0.0.1:"
                + daemon.daemon().adminAddress().getPort()
                + "/api/v1/bans"
                + query);
    return client.send(
        HttpRequest.newBuilder(uri)
            .method(method, BodyPublishers.ofString(body))
            .header("content-type", "application/json")
            .build(),
        BodyHandlers.ofString());
  }

  private static int statusOf(DaemonUnderTest daemon, String clientAddress) throws Exception {
    return daemon.get("/", "x-forwarded-for", clientAddress).statusCode();
  }

  @Test
  void anOperatorBansListsAndLetsInAgain() throws Exception {
    try (DaemonUnderTest daemon = start()) {
      assertThat(statusOf(daemon, "192.0.2.7")).isEqualTo(200);
      HttpResponse<String> added =
          ask(daemon, "POST", "", "{\"ip\":\"192.0.2.7\",\"for\":\"30m\",\"reason\":\"scraper\"}");
      assertThat(added.statusCode()).isEqualTo(201);
      Map<String, Object> ban = JSON.std.mapFrom(added.body());
      assertThat(ban).containsEntry("ip", "192.0.2.7").containsEntry("reason", "scraper");
      assertThat(Instant.parse(ban.get("until").toString()))
          .isBetween(
              Instant.now().plus(Duration.ofMinutes(29)),
              Instant.now().plus(Duration.ofMinutes(30)));
      assertThat(statusOf(daemon, "192.0.2.7")).isEqualTo(403);
      assertThat(statusOf(daemon, "192.0.2.8")).isEqualTo(200);

      assertThat(ask(daemon, "POST", "", "{\"ip\":\"192.0.2.7\"}").statusCode()).isEqualTo(200);
      assertThat(ask(daemon, "POST", "", "{\"ip\":\"2001:db8::5\"}").body())
          .contains("\"ip\":\"2001:db8::/64\"");
      assertThat(ask(daemon, "POST", "", "{\"ip\":\"198.51.100.0/24\"}").statusCode())
          .isEqualTo(201);
      assertThat(statusOf(daemon, "198.51.100.200")).isEqualTo(403);
      assertThat(statusOf(daemon, "[2001:db8::99]")).isEqualTo(403);

      assertThat(daemon.json("/api/v1/bans?limit=2"))
          .containsEntry("total", 3)
          .containsEntry("next", "198.51.100.0/24");
      assertThat(daemon.page("/api/v1/bans?after=198.51.100.0/24"))
          .contains("2001:db8::/64")
          .doesNotContain("192.0.2.7", "next");
      assertThat(daemon.page("/api/v1/bans?ip=198.51.100.9")).contains("198.51.100.0/24");
      assertThat(daemon.page("/metrics")).contains("weir_bans{rule=\"(other)\"} 3.0");

      assertThat(ask(daemon, "DELETE", "?ip=198.51.100.9", "").body())
          .contains("198.51.100.9 is not banned by itself, but 198.51.100.0/24 is");
      assertThat(ask(daemon, "DELETE", "?ip=198.51.100.0/24", "").statusCode()).isEqualTo(200);
      assertThat(ask(daemon, "DELETE", "?ip=2001:db8::1234", "").statusCode()).isEqualTo(200);
      assertThat(ask(daemon, "DELETE", "?ip=192.0.2.7", "").statusCode()).isEqualTo(200);
      assertThat(ask(daemon, "DELETE", "?ip=192.0.2.7", "").statusCode()).isEqualTo(404);
      assertThat(statusOf(daemon, "192.0.2.7")).isEqualTo(200);
    }
  }

  @Test
  void twoDaemonsDoNotKeepTheirBansInOneFolder() throws Exception {
    try (DaemonUnderTest daemon = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(CannotStart.class)
          .hasMessageStartingWith(state() + ": another Weir, process ");
      assertThat(statusOf(daemon, "192.0.2.7")).as("the first serves").isEqualTo(200);
      assertThat(CommandRun.of("check", "-c", daemon.file().toString()).code()).isZero();
    }
    start().close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "{\"ip\":\"192.0.2\"}                         | address: \\\"192.0.2\\\"",
        "{\"ip\":\"192.0.2.7/24\"}                    | expected: 192.0.2.0/24",
        "{\"for\":\"1h\"}                             | ip: missing",
        "{\"ip\":\"192.0.2.7\",\"for\":\"60\"}        | like 60s or 60ms",
        "{\"ip\":\"192.0.2.7\",\"for\":\"0s\"}        | more than nothing",
        "{\"ip\":\"192.0.2.7\",\"for\":\"99999d\"}    | at most ten years",
        "{\"ip\":\"192.0.2.7\",\"for\":3600}          | for: expected: a text",
        "{\"ip\":\"192.0.2.7\",\"until\":\"1h\"}      | until: unknown",
        "[]                                         | no JSON object",
        "{\"ip\":                                   | no JSON object",
      })
  void whatIsNoBanIsAProblemThatSaysWhy(String body, String why) throws Exception {
    try (DaemonUnderTest daemon = start()) {
      HttpResponse<String> answer = ask(daemon, "POST", "", body);
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
      assertThat(answer.body()).contains(why);
      assertThat(daemon.json("/api/v1/bans")).containsEntry("total", 0);
    }
  }

  @Test
  void onlyJsonChangesAndOnlyTheseMethodsDo() throws Exception {
    try (DaemonUnderTest daemon = start()) {
      URI uri =
          URI.create(
              "http://127.0.0.1:" + daemon.daemon().adminAddress().getPort() + "/api/v1/bans");
      HttpRequest form =
          HttpRequest.newBuilder(uri)
              .POST(BodyPublishers.ofString("{\"ip\":\"192.0.2.7\"}"))
              .header("content-type", "text/plain")
              .build();
      assertThat(client.send(form, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
      HttpRequest bare = HttpRequest.newBuilder(URI.create(uri + "?ip=1.2.3.4")).DELETE().build();
      assertThat(client.send(bare, BodyHandlers.ofString()).statusCode()).isEqualTo(415);
      HttpResponse<String> put = ask(daemon, "PUT", "", "{}");
      assertThat(put.statusCode()).isEqualTo(405);
      assertThat(put.headers().firstValue("allow")).hasValue("GET, HEAD, POST, DELETE");
      assertThat(ask(daemon, "DELETE", "", "").body()).contains("ip: missing");
      assertThat(ask(daemon, "GET", "?limit=0", "").statusCode()).isEqualTo(400);
      assertThat(ask(daemon, "GET", "?limit=10001", "").statusCode()).isEqualTo(400);
      assertThat(ask(daemon, "GET", "?after=x", "").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void bansOfRulesAndOperatorsOutliveTheProcess() throws Exception {
    try (DaemonUnderTest daemon = start()) {
      daemon.get("/trap", "x-forwarded-for", "203.0.113.5");
      assertThat(statusOf(daemon, "203.0.113.5")).isEqualTo(403);
      ask(daemon, "POST", "", "{\"ip\":\"192.0.2.0/24\",\"reason\":\"rude\"}");
    }
    assertThat(Files.readString(state().resolve("bans")))
        .contains("203.0.113.5 ", " 1 trap\n", "192.0.2.0/24 ", " 1 rude\n");
    try (DaemonUnderTest daemon = start()) {
      assertThat(statusOf(daemon, "203.0.113.5")).isEqualTo(403);
      assertThat(statusOf(daemon, "192.0.2.77")).isEqualTo(403);
      assertThat(statusOf(daemon, "203.0.113.6")).isEqualTo(200);
      assertThat(daemon.json("/api/v1/bans")).containsEntry("total", 2);
    }
  }
}
