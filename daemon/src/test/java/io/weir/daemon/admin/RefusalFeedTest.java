package io.weir.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.status.Refused;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Refusals, told as they come. */
class RefusalFeedTest extends AdminEndpoint {
  private Socket follows() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    String request =
        "GET /api/v1/firewall/events?follow HTTP/1.1\r\nHost: localhost\r\n"
            + "Accept-Encoding: gzip\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  /** What comes until the text has come. */
  private static String reads(Socket socket, String until) throws IOException {
    StringBuilder all = new StringBuilder();
    while (all.indexOf(until) < 0) {
      int next = socket.getInputStream().read();
      assertThat(next).as("the end after %s", all).isNotNegative();
      all.append((char) next);
    }
    return all.toString();
  }

  @Test
  void refusalsAreToldAsTheyComeUntilTheDrain() throws IOException {
    try (Socket socket = follows()) {
      assertThat(reads(socket, "from now on\n\n"))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("content-type: text/event-stream\r\n")
          .doesNotContain("gzip");
      operations.news = operations.refused.subList(0, 1);
      assertThat(reads(socket, "}\n\n"))
          .contains("event: refusal\ndata: {\"ts\":\"2026-11-22T06:00:00Z\"", "\"r1\"}");
      operations.news = List.of();
      operations.draining = true;
      assertThat(reads(socket, "0\r\n\r\n")).contains("event: end\ndata: {}\n\n");
      assertThat(socket.getInputStream().read()).isNegative();
      assertThat(get("/api/v1/firewall/events?follow")).startsWith("HTTP/1.1 503 ");
    }
  }

  @Test
  void whoReadsSlowlyLosesEventsAndIsToldHowMany() throws Exception {
    try (Socket slow = follows();
        Socket quick = follows()) {
      reads(slow, "from now on\n\n");
      reads(quick, "from now on\n\n");
      Refused huge = operations.refused.getFirst();
      operations.news = Collections.nCopies(20_000, huge); // 4 MB each quarter second
      long read = 0;
      while (read < 32_000_000) { // eight rounds, of which the slow one took what sockets hold
        read += quick.getInputStream().readNBytes(1_000_000).length;
      }
      operations.news = List.of(huge);
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(slow.getInputStream(), StandardCharsets.UTF_8));
      String line = lines.readLine();
      while (!"event: dropped".equals(line)) {
        assertThat(line).as("the end").isNotNull();
        line = lines.readLine();
      }
      String count = lines.readLine().replaceAll("\\D", "");
      assertThat(Integer.parseInt(count)).isGreaterThanOrEqualTo(20_000);
    }
  }

  @Test
  void onlySoManyMayFollow() throws IOException {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < RefusalFeed.MOST_FOLLOWERS; i++) {
        sockets.add(follows());
        reads(sockets.getLast(), "from now on\n\n");
      }
      assertThat(get("/api/v1/firewall/events?follow"))
          .startsWith("HTTP/1.1 503 ")
          .contains("16 follow already");
      assertThat(get("/api/v1/firewall/events")).startsWith("HTTP/1.1 200 ");
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
