package io.weir.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.weir.core.log.AccessLog.Sink;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogFileTest {
  @TempDir private Path folder;
  private final Metrics metrics = new Metrics(2);

  private AccessLogFile open(Path file, int ringBytes) throws IOException {
    return new AccessLogFile(file, JsonFormat::new, metrics, ringBytes);
  }

  private long counted(MetricName name) {
    return metrics.sum(metrics.slots(name, List.of("log"), List.of("access")));
  }

  private static Sink sink(AccessLogFile log, int worker) {
    return Objects.requireNonNull(log.sink(worker));
  }

  @Test
  void everyWorkersLinesReachTheFileSoonAndAreCounted() throws IOException {
    Path file = folder.resolve("access.log");
    try (AccessLogFile log = open(file, 1 << 16)) {
      sink(log, 0).write(FixedRecord.ordinary());
      sink(log, 1).write(FixedRecord.ordinary().withTarget("/second"));
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(Files.readAllLines(file)).hasSize(2));
      sink(log, 0).write(FixedRecord.ordinary().withTarget("/third")); // after the writer slept
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(Files.readAllLines(file)).hasSize(3));
    }
    assertThat(Files.readString(file)).contains("/shop/cart", "/second", "/third").endsWith("}\n");
    assertThat(counted(MetricName.LOG_LINES)).isEqualTo(3);
    assertThat(counted(MetricName.LOG_DROPPED)).isZero();
  }

  @Test
  void relayedConnectionsHaveLinesWhereTheFormatKnowsThem() throws IOException {
    Path json = folder.resolve("json.log");
    Path combined = folder.resolve("combined.log");
    try (AccessLogFile log = open(json, 1 << 16)) {
      sink(log, 0).write(FixedConnection.ordinary());
      sink(log, 0).write(FixedRecord.ordinary());
    }
    try (AccessLogFile log =
        new AccessLogFile(combined, () -> new CombinedFormat(ZoneOffset.UTC), metrics, 1 << 16)) {
      sink(log, 0).write(FixedConnection.ordinary());
      sink(log, 0).write(FixedRecord.ordinary());
    }
    assertThat(Files.readAllLines(json)).hasSize(2).first().asString().contains("\"TCP\"");
    assertThat(Files.readAllLines(combined)).hasSize(1).first().asString().contains("/shop/cart");
  }

  @Test
  void whatIsWrittenBeforeTheEndIsInTheFileAfterIt() throws IOException {
    Path file = folder.resolve("access.log");
    Files.writeString(file, "from before\n");
    try (AccessLogFile log = open(file, 1 << 20)) {
      Sink sink = sink(log, 0);
      for (int i = 0; i < 1000; i++) {
        sink.write(FixedRecord.ordinary());
      }
    }
    assertThat(Files.readAllLines(file)).hasSize(1001).first().isEqualTo("from before");
  }

  @Test
  void aRingThatIsFullDropsAndCounts() throws IOException {
    try (AccessLogFile log = open(folder.resolve("access.log"), 512)) {
      Sink sink = sink(log, 0);
      for (int i = 0; i < 100; i++) {
        sink.write(FixedRecord.ordinary().withTarget("/" + "x".repeat(600)));
      }
    }
    assertThat(counted(MetricName.LOG_DROPPED)).isEqualTo(100);
    assertThat(counted(MetricName.LOG_LINES)).isZero();
  }

  @Test
  void aFullDiskCostsLinesAndNothingElse() throws IOException {
    try (AccessLogFile log = open(Path.of("/dev/full"), 1 << 16)) {
      Sink sink = sink(log, 0);
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> {
            sink.write(FixedRecord.ordinary());
            assertThat(counted(MetricName.LOG_DROPPED)).isPositive();
          });
    }
  }

  @Test
  void afterRotationTheNextLinesGoToTheNewFile() throws IOException {
    Path file = folder.resolve("access.log");
    Path rotated = folder.resolve("access.log.1");
    try (AccessLogFile log = open(file, 1 << 16)) {
      Sink sink = sink(log, 0);
      sink.write(FixedRecord.ordinary().withTarget("/old"));
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(Files.readString(file)).contains("/old"));
      Files.move(file, rotated);
      log.reopen();
      await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(file));
      sink.write(FixedRecord.ordinary().withTarget("/new"));
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertThat(Files.readString(file)).contains("/new"));
    }
    assertThat(Files.readAllLines(rotated)).hasSize(1);
    assertThat(Files.readAllLines(file)).hasSize(1);
  }

  @Test
  void whatCannotBeOpenedIsSaidAtTheStart() {
    assertThatThrownBy(() -> open(folder.resolve("no/such/folder.log"), 512))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aWorkerMakesNoGarbage() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    FixedRecord record = FixedRecord.ordinary();
    try (AccessLogFile log = open(folder.resolve("access.log"), 1 << 20)) {
      Sink sink = sink(log, 0);
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
