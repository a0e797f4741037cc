package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.weir.metrics.Exposition.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExpositionTest {
  @ParameterizedTest
  @CsvSource({"PROMETHEUS, every-metric.prom", "OPENMETRICS, every-metric.openmetrics"})
  void everyMetricComesOutAsInTheGoldenFile(Format format, String file) throws IOException {
    String text = EveryMetric.text(EveryMetric.registered(), format);
    Path actual = Files.createDirectories(Path.of("target/golden")).resolve(file);
    Files.writeString(actual, text);
    Path golden = Path.of("src/test/resources/io/weir/metrics").resolve(file);
    assertThat(text)
        .as("%s differs; if that is meant, copy %s over it", golden, actual)
        .isEqualTo(Files.readString(golden));
  }

  @ParameterizedTest
  @EnumSource
  void theNamesAreThoseOfTheEnumAndNoOthers(Format format) {
    Set<String> exported =
        EveryMetric.text(EveryMetric.registered(), format)
            .lines()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split("[{ ]", 2)[0])
            .map(name -> name.replaceFirst("_seconds_(bucket|count|sum)$", "_seconds"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(exported)
        .containsExactlyInAnyOrderElementsOf(
            List.of(MetricName.values()).stream().map(MetricName::exported).toList());
  }

  @Test
  void theTypeLinesSayWhatEachFormatWants() {
    Metrics metrics = EveryMetric.registered();
    assertThat(EveryMetric.text(metrics, Format.PROMETHEUS))
        .contains("# TYPE weir_http_requests_total counter\n")
        .contains("# TYPE weir_build_info gauge\n")
        .contains("# TYPE weir_http_request_duration_seconds histogram\n")
        .doesNotContain("# EOF");
    assertThat(EveryMetric.text(metrics, Format.OPENMETRICS))
        .contains("# TYPE weir_http_requests counter\n")
        .contains("# TYPE weir_build info\n")
        .contains("# TYPE weir_http_request_duration_seconds histogram\n")
        .endsWith("# EOF\n");
  }

  @Test
  void everySeriesStartsAtZeroButARequestThatNeverHappenedIsNotListed() {
    Metrics metrics = new Metrics(1);
    metrics.permanent().counter(MetricName.CONFIG_RELOADS, "ok");
    metrics.permanent().level(MetricName.CONNECTIONS, "web");
    metrics.permanent().histogram(MetricName.EVENT_LOOP_LAG);
    int base = metrics.permanent().requests("web", "shop");
    assertThat(EveryMetric.text(metrics, Format.PROMETHEUS))
        .contains("weir_config_reloads_total{result=\"ok\"} 0.0\n")
        .contains("weir_connections{listener=\"web\"} 0.0\n")
        .contains("weir_event_loop_lag_seconds_bucket{le=\"+Inf\"} 0\n")
        .contains("weir_event_loop_lag_seconds_count 0\n")
        .contains("weir_event_loop_lag_seconds_sum 0.0\n")
        .doesNotContain("weir_http_requests_total");

    metrics.worker(0).request(base, MethodLabel.index("GET"), CodeLabel.index(404));
    assertThat(requestLines(metrics))
        .containsExactly(
            "weir_http_requests_total{code=\"404\",listener=\"web\",method=\"GET\",route=\"shop\"}"
                + " 1.0");
  }

  private static List<String> requestLines(Metrics metrics) {
    return EveryMetric.text(metrics, Format.PROMETHEUS)
        .lines()
        .filter(line -> line.startsWith("weir_http_requests_total"))
        .toList();
  }

  @Test
  void bucketsAreCumulativeAndTheSumIsInSeconds() {
    Metrics metrics = new Metrics(2);
    int base = metrics.permanent().histogram(MetricName.FIREWALL_EVALUATION, "headers");
    metrics.worker(0).observe(Buckets.FAST, base, 5_000);
    metrics.worker(1).observe(Buckets.FAST, base, 5_001);
    metrics.worker(1).observe(Buckets.FAST, base, 1_000_000_000);
    assertThat(EveryMetric.text(metrics, Format.PROMETHEUS))
        .contains("_bucket{stage=\"headers\",le=\"5.0E-6\"} 1\n")
        .contains("_bucket{stage=\"headers\",le=\"1.0E-5\"} 2\n")
        .contains("_bucket{stage=\"headers\",le=\"0.025\"} 2\n")
        .contains("_bucket{stage=\"headers\",le=\"+Inf\"} 3\n")
        .contains("_count{stage=\"headers\"} 3\n")
        .contains("_sum{stage=\"headers\"} 1.000010001\n");
  }

  @ParameterizedTest
  @EnumSource
  void labelValuesAreEscaped(Format format) {
    Metrics metrics = new Metrics(1);
    metrics.permanent().counter(MetricName.HTTP_REQUEST_BODY_BYTES, "a\"b\\c\nd é 中");
    assertThat(EveryMetric.text(metrics, format)).contains("{route=\"a\\\"b\\\\c\\nd é 中\"} 0.0\n");
  }

  @Test
  void aCounterPastTheLargestNumberStartsAgainAndNothingBreaks() {
    Metrics metrics = new Metrics(1);
    int slot = metrics.permanent().counter(MetricName.CONFIG_RELOADS, "ok");
    int base = metrics.permanent().histogram(MetricName.EVENT_LOOP_LAG);
    metrics.worker(0).add(slot, Long.MAX_VALUE);
    metrics.worker(0).add(slot, 3);
    metrics.worker(0).add(base, Long.MAX_VALUE);
    metrics.worker(0).observe(Buckets.FAST, base, 1);
    metrics.worker(0).observe(Buckets.FAST, base, Long.MAX_VALUE);
    assertThat(EveryMetric.text(metrics, Format.PROMETHEUS))
        .contains("weir_config_reloads_total{result=\"ok\"} 2.0\n")
        .contains("weir_event_loop_lag_seconds_bucket{le=\"5.0E-6\"} 0\n")
        .contains("weir_event_loop_lag_seconds_bucket{le=\"+Inf\"} 1\n")
        .contains("weir_event_loop_lag_seconds_sum 0.0\n");
  }

  @Test
  void aGaugeIsAskedAtEachReading() {
    Metrics metrics = new Metrics(1);
    AtomicInteger value = new AtomicInteger(1);
    metrics.permanent().gauge(MetricName.READY, value::get);
    assertThat(EveryMetric.text(metrics, Format.PROMETHEUS)).contains("weir_ready 1.0\n");
    value.set(0);
    assertThat(EveryMetric.text(metrics, Format.PROMETHEUS)).contains("weir_ready 0.0\n");
  }

  @Test
  void soIsACounterThatSomebodyElseCounts() {
    Metrics metrics = new Metrics(1);
    AtomicLong value = new AtomicLong(7);
    metrics.permanent().counter(MetricName.RATE_LIMIT_EVICTIONS, value::get, "logins");
    String line = "weir_rate_limit_evictions_total{rule=\"logins\"} ";
    assertThat(EveryMetric.text(metrics, Format.PROMETHEUS)).contains(line + "7.0\n");
    value.set(8);
    assertThat(EveryMetric.text(metrics, Format.PROMETHEUS)).contains(line + "8.0\n");
  }

  @ParameterizedTest
  @EnumSource
  void whatOtherCollectorsTellIsIncluded(Format format) {
    Metrics metrics = new Metrics(1);
    metrics.permanent().gauge(MetricName.READY, () -> 1);
    MetricSnapshots others =
        MetricSnapshots.of(
            GaugeSnapshot.builder()
                .name("jvm_threads_current")
                .help("Threads.")
                .dataPoint(GaugeDataPointSnapshot.builder().value(12).build())
                .build());
    Exposition exposition = new Exposition(metrics, List.of(() -> others, MetricSnapshots::new));
    assertThat(EveryMetric.text(exposition, format))
        .contains("jvm_threads_current 12.0\n")
        .contains("weir_ready 1.0\n");
  }

  @Test
  void everyNameAndEveryHelpSentenceIsWellFormed() {
    Pattern sentence = Pattern.compile("[A-Z0-9].*[a-z0-9]\\.");
    for (MetricName name : MetricName.values()) {
      assertThat(name.exported()).matches("weir_[a-z0-9_]*[a-z0-9]");
      assertThat(name.exported().endsWith("_total"))
          .as(name.exported())
          .isEqualTo(name.type() == MetricType.COUNTER);
      assertThat(name.help()).as(name.exported()).matches(sentence);
      assertThat(name.labels()).doesNotHaveDuplicates().allMatch(l -> l.matches("[a-z_]+"));
    }
  }
}
