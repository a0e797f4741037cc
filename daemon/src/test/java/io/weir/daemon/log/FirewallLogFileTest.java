package io.weir.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.management.ThreadMXBean;
import io.weir.core.log.FirewallLog.BanSink;
import io.weir.core.log.FirewallLog.Sink;
import io.weir.core.log.FirewallRecord;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.ban.Ban;
import io.weir.firewall.config.RuleMode;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FirewallLogFileTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochMilli(1_795_313_736_042L));

  private static final ClientAddress CLIENT =
      Objects.requireNonNull(ClientAddress.parse("2001:db8::1"));

  @TempDir private Path folder;
  private final Metrics metrics = new Metrics(1);

  /** A refusal as the worker would describe it. */
  private record Fixed(@Nullable String target, @Nullable CharSequence excerpt)
      implements FirewallRecord {
    @Override
    public long epochMillis() {
      return 1_795_313_736_042L;
    }

    @Override
    public ClientAddress client() {
      return CLIENT;
    }

    @Override
    public String rule() {
      return "bad-agents";
    }

    @Override
    public String action() {
      return "deny";
    }

    @Override
    public RuleMode mode() {
      return RuleMode.REPORT;
    }

    @Override
    public String field() {
      return "header.user-agent";
    }

    @Override
    public @Nullable String reason() {
      return null;
    }

    @Override
    public String listener() {
      return "web";
    }

    @Override
    public @Nullable String method() {
      return target == null ? null : "GET";
    }

    @Override
    public @Nullable String host() {
      return target == null ? null : "shop.example";
    }

    @Override
    public @Nullable String ja4() {
      return target == null ? null : "t13d1516h2_8daaf6152771_e5627efa2ab1";
    }

    @Override
    public @Nullable String requestId() {
      return target == null ? null : "01HF3J9T";
    }
  }

  private static String line(FirewallRecord record) {
    LineBuffer line = new LineBuffer();
    new FirewallFormat().write(record, line);
    return line.toString();
  }

  @Test
  void theKeysStandInTheirOrderAndTheQueryIsLeftOut() {
    assertThat(line(new Fixed("/cart?token=1", "curl/8")))
        .isEqualTo(
            "{\"ts\":\"2026-11-22T02:15:36.042Z\",\"client_ip\":\"2001:db8::1\","
                + "\"rule\":\"bad-agents\",\"action\":\"deny\",\"mode\":\"report\","
                + "\"field\":\"header.user-agent\",\"excerpt\":\"curl/8\",\"method\":\"GET\","
                + "\"host\":\"shop.example\",\"path\":\"/cart\","
                + "\"ja4\":\"t13d1516h2_8daaf6152771_e5627efa2ab1\",\"listener\":\"web\","
                + "\"request_id\":\"01HF3J9T\"}");
  }

  @Test
  void aConnectionHasNoRequest() {
    assertThat(line(new Fixed(null, null)))
        .endsWith("\"field\":\"header.user-agent\",\"listener\":\"web\"}");
  }

  @Test
  void nobodyBeginsALineOfHisOwn() throws IOException {
    String line = line(new Fixed("/", "a\"\n{\\\u0000\u001b[31m\u00e9"));
    assertThat(line).doesNotContain("\n", "\u001b").matches("\\p{ASCII}*");
    assertThat(JSON.std.mapFrom(line)).containsEntry("excerpt", "a\"\n{\\\u0000\u001b[31m\u00e9");
  }

  @Test
  void whatFindsNoRoomIsDroppedAndCounted() throws IOException {
    try (FirewallLogFile log = new FirewallLogFile(folder.resolve("f.log"), metrics, CLOCK, 256)) {
      Sink sink = log.sink(0);
      for (int i = 0; i < 10; i++) {
        sink.write(new Fixed("/" + "x".repeat(300), "curl"));
      }
    }
    assertThat(Files.size(folder.resolve("f.log"))).isZero();
    assertThat(counted(MetricName.LOG_DROPPED)).isEqualTo(10);
    assertThat(counted(MetricName.LOG_LINES)).isZero();
  }

  @Test
  void bansOfAnAttackAreAllThereOrCounted() throws IOException {
    Path file = folder.resolve("f.log");
    try (FirewallLogFile log = new FirewallLogFile(file, metrics, CLOCK)) {
      BanSink sink = log.banSink();
      for (int i = 0; i < 10_000; i++) {
        Cidr client = Cidr.ofClient(ClientAddress.v4(0x0a000000 + i));
        sink.write(new Ban(client, 1_795_313_736_042L, 1_795_317_336_042L, 2, "trap \"1\""));
      }
      sink.lost(3);
    }
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.getFirst())
        .isEqualTo(
            "{\"ts\":\"2026-11-22T02:15:36.042Z\",\"client_ip\":\"10.0.0.0\","
                + "\"rule\":\"trap \\\"1\\\"\",\"action\":\"ban\",\"mode\":\"enforce\","
                + "\"reason\":\"trap \\\"1\\\"\",\"ban_seconds\":3600,"
                + "\"ban_until\":\"2026-11-22T03:15:36Z\",\"ban_times\":2}");
    assertThat(counted(MetricName.LOG_LINES)).isEqualTo(lines.size());
    assertThat(counted(MetricName.LOG_LINES) + counted(MetricName.LOG_DROPPED)).isEqualTo(10_003);
    assertThat(lines.size()).isGreaterThan(4000); // what the ring holds at once
  }

  @Test
  void aBanThatFollowsOneOfAFastClockIsToldWhenItIsMade() {
    long now = 1_795_313_736_042L;
    Cidr client = Cidr.parse("10.0.0.1/32");
    LineBuffer line = new LineBuffer();
    new FirewallFormat().write(new Ban(client, now + 90_001, now + 60_000, 2, "trap"), now, line);
    assertThat(line.toString())
        .startsWith("{\"ts\":\"2026-11-22T02:15:36.042Z\"")
        .contains("\"ban_seconds\":60,\"ban_until\":\"2026-11-22T02:16:36Z\"");
  }

  private long counted(MetricName name) {
    return metrics.sum(metrics.slots(name, List.of("log"), List.of("firewall")));
  }

  @Test
  void aWorkerMakesNoGarbage() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    FirewallRecord record = new Fixed("/cart", "curl");
    try (FirewallLogFile log = new FirewallLogFile(folder.resolve("f.log"), metrics, CLOCK)) {
      Sink sink = log.sink(0);
      for (int i = 0; i < 20_000; i++) {
        sink.write(record);
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        sink.write(record);
      }
      long perLine = (threads.getCurrentThreadAllocatedBytes() - before) / 10_000;
      assertThat(perLine).isZero();
    }
  }
}
