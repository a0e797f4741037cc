package io.weir.daemon.service;

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

  @Test
  void whoWasCutOffGoesOnWhereHeWas() throws Exception {
    try (DaemonUnderTest daemon = DaemonUnderTest.start(folder, TEXT)) {
      String last;
      try (HttpClient client = HttpClient.newHttpClient()) {
        try (Stream<String> lines = follow(daemon, client, null)) {
          Iterator<String> told = lines.iterator();
          assertThat(next(told, "id: ")).as("of the beginning").endsWith("-0");
          daemon.get("/closed/0");
          last = next(told, "id: ");
          assertThat(next(told, "data: ")).contains("/closed/0");
        }
        client.shutdownNow();
      }
      for (int i = 1; i < 4; i++) {
        daemon.get("/closed/" + i); // while nobody follows
      }
      try (HttpClient client = HttpClient.newHttpClient()) {
        try (Stream<String> lines = follow(daemon, client, last)) {
          Iterator<String> told = lines.iterator();
          for (int i = 1; i < 4; i++) {
            assertThat(next(told, "id: ")).endsWith("-" + (i + 1));
            assertThat(next(told, "data: ")).contains("/closed/" + i);
          }
          daemon.get("/closed/live");
          assertThat(next(told, "data: ")).contains("/closed/live");
        }
        client.shutdownNow();
      }
      try (HttpClient client = HttpClient.newHttpClient()) {
        try (Stream<String> lines = follow(daemon, client, "other-7")) {
          assertThat(next(lines.iterator(), "event: ")).isEqualTo("restarted");
        }
        client.shutdownNow();
      }
    }
  }

  private static Stream<String> follow(DaemonUnderTest daemon, HttpClient client, String lastId)
      throws Exception {
    String admin = "http://127.0.0.1:" + daemon.daemon().adminAddress().getPort();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(admin + "/api/v1/firewall/events?follow"));
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    return client.send(request.build(), BodyHandlers.ofLines()).body();
  }

  /** What stands behind the next line that begins so. */
  private static String next(Iterator<String> lines, String begin) {
    String line = lines.next();
    while (!line.startsWith(begin)) {
      line = lines.next();
    }
    return line.substring(begin.length());
  }
}
