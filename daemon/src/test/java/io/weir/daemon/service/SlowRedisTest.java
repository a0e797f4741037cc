package io.weir.daemon.service;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.daemon.shared.RedisProcess;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that is there, takes its time, and whom nobody waits for. */
class SlowRedisTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int MOST_KEPT = 1 << 16; // keys, and as many bans
  private static final int KEYS = 80_000;

  @TempDir private Path folder;

  private DaemonUnderTest start(String name, RedisProcess redis) throws IOException, CannotStart {
    return DaemonUnderTest.start(
        Files.createDirectories(folder.resolve(name)),
        """
        version: 1
        listeners: { web: { bind: "127.0.0.1:0" } }
        firewall:
          rules:
            - { name: few, match: { path: /few }, action: { limit: { key: ip, rate: 4/d } } }
            - name: keys
              match: { path: /keys }
              action: { limit: { key: { header: x-key }, rate: 2/d } }
        routes: [{ respond: { status: 200 } }]
        admin: { bind: "127.0.0.1:0" }
        shared_state: { redis: "%s" }
        """
            .formatted(redis.address()));
  }

  private static double metric(DaemonUnderTest daemon, String series) throws Exception {
    return daemon
        .page("/metrics")
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static double operations(DaemonUnderTest daemon, String result) throws Exception {
    return metric(daemon, "weir_shared_state_operations_total{result=\"" + result + "\"}");
  }

  private static void up(DaemonUnderTest daemon, int expected) {
    await().atMost(SOON).until(() -> metric(daemon, "weir_shared_state_up") == expected);
  }

  @Test
  void anAnswerThatComesLateButInTimeIsShared() throws Exception {
    try (RedisProcess redis = RedisProcess.start(folder);
        DaemonUnderTest a = start("a", redis);
        DaemonUnderTest b = start("b", redis)) {
      up(a, 1);
      up(b, 1);
      double before = metric(a, "weir_shared_state_duration_seconds_sum");
      redis.says("client", "pause", "250", "ALL"); // of the second that it has
      assertThat(a.get("/few").statusCode()).isEqualTo(200);
      assertThat(a.get("/few").statusCode()).isEqualTo(200);
      assertThat(b.get("/few").statusCode()).isEqualTo(200);
      assertThat(b.get("/few").statusCode()).isEqualTo(200);
      await().atMost(SOON).until(() -> a.get("/few").statusCode() == 429);
      await().atMost(SOON).until(() -> b.get("/few").statusCode() == 429);
      await()
          .atMost(SOON)
          .until(() -> metric(a, "weir_shared_state_duration_seconds_sum") > before + 0.1);
      assertThat(metric(a, "weir_shared_state_up")).isEqualTo(1);
      assertThat(operations(a, "failed")).as("it was slow, and in time").isZero();
    }
  }

  @Test
  void whoIsTooSlowIsNotWaitedForAndWhatHeIsToHearIsBounded() throws Exception {
    try (RedisProcess redis = RedisProcess.start(folder);
        DaemonUnderTest a = start("a", redis)) {
      up(a, 1);
      redis.signal("STOP"); // connections stand, and nothing is answered
      try {
        up(a, 0);
        assertThat(operations(a, "failed")).isPositive();
        for (int i = 0; i < 4; i++) {
          assertThat(a.get("/few").statusCode()).isEqualTo(200);
        }
        assertThat(a.get("/few").statusCode()).as("limits go on").isEqualTo(429);

        assertThat(asksWithKeys(a)).as("answered while Redis said nothing").isEqualTo(KEYS);
        // Each key is kept for Redis or counted as dropped: so this is the size of what is kept.
        await().atMost(SOON).until(() -> operations(a, "dropped") >= KEYS - MOST_KEPT);
        assertThat(operations(a, "dropped")).as("most are kept").isLessThan(KEYS);
        double dropped = operations(a, "dropped");
        long now = System.currentTimeMillis();
        for (int i = 0; i < KEYS; i++) {
          a.daemon()
              .operations()
              .bans()
              .add(Cidr.ofClient(ClientAddress.v4(i)), Duration.ofHours(1), "by hand", now);
        }
        await().atMost(SOON).until(() -> operations(a, "dropped") >= dropped + KEYS - MOST_KEPT);
      } finally {
        redis.signal("CONT");
      }
      up(a, 1);
      await().atMost(SOON).until(() -> limitKeys(redis) > 1000);
      assertThat(limitKeys(redis)).as("what was kept is told").isLessThanOrEqualTo(MOST_KEPT);
      assertThat(a.get("/few").statusCode()).isEqualTo(429);
    }
  }

  /** Asks for as many keys over one connection, not waiting for answers; how many came. */
  private static int asksWithKeys(DaemonUnderTest daemon) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), daemon.port())) {
      socket.setSoTimeout((int) SOON.toMillis());
      OutputStream out = socket.getOutputStream();
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int from = 0; from < KEYS; from += 1000) {
                    out.write(requests(from, from + 1000).getBytes(US_ASCII));
                  }
                } catch (IOException ended) {
                  // What is missing is missing among the answers.
                }
              });
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      int answered = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("HTTP/1.1 ")) {
          answered++;
        } else if (line.isEmpty() && answered == KEYS) {
          break;
        }
      }
      sender.join();
      return answered;
    }
  }

  private static String requests(int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append("GET /keys HTTP/1.1\r\nhost: a\r\nx-key: ").append(i).append("\r\n\r\n");
    }
    return text.toString();
  }

  /** How many keys of the second rule Redis was told of. */
  private static long limitKeys(RedisProcess redis) throws IOException {
    return redis
        .says("--scan", "--pattern", "weir:1:limit:keys:*")
        .lines()
        .filter(l -> !l.isBlank())
        .count();
  }
}
