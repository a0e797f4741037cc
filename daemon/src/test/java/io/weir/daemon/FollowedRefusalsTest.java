package io.weir.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Refusals as they happen, to an ordinary client of the admin endpoint. */
class FollowedRefusalsTest {
  private static final String TEXT =
      """
      version: 1
      workers: 2
      listeners: { web: { bind: "127.0.0.1:0" } }
      firewall:
        rules: [{ name: closed, match: { path: /closed/* }, action: { deny: 403 } }]
      routes: [{ respond: { status: 200 } }]
      admin: { bind: "127.0.0.1:0" }
      """;

  @TempDir private Path folder;

  @Test
  void eachRefusalIsToldOnceAndInItsOrder() throws Exception {
    try (DaemonUnderTest daemon = DaemonUnderTest.start(folder, TEXT);
        HttpClient client = HttpClient.newHttpClient()) {
      daemon.get("/closed/before");
      String admin = "http://127.0.0.1:" + daemon.daemon().adminAddress().getPort();
      HttpRequest follow =
          HttpRequest.newBuilder(URI.create(admin + "/api/v1/firewall/events?follow")).build();
      HttpResponse<Stream<String>> answer = client.send(follow, BodyHandlers.ofLines());
      try (Stream<String> lines = answer.body()) {
        assertThat(answer.headers().firstValue("content-type")).contains("text/event-stream");
        for (int i = 0; i < 3; i++) {
          assertThat(daemon.get("/closed/" + i).statusCode()).isEqualTo(403);
        }
        assertThat(daemon.get("/open").statusCode()).isEqualTo(200);
        Iterator<String> data = lines.filter(line -> line.startsWith("data: ")).iterator();
        for (int i = 0; i < 3; i++) {
          assertThat(data.next()).contains("\"rule\":\"closed\"", "\"path\":\"/closed/" + i + '"');
        }
      }
      client.shutdownNow();
    }
  }
}
