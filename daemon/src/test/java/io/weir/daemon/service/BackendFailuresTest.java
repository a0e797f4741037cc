package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import io.weir.metrics.MetricsGeneration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendFailuresTest {
  private final Metrics metrics = new Metrics(2);
  private final List<String> log = new ArrayList<>();
  private final BackendFailures failures = new BackendFailures(metrics, log::add);

  @Test
  void manyFailuresForOneReasonAreOneLine() {
    MetricsGeneration generation = metrics.nextGeneration();
    int refused = generation.counter(MetricName.POOL_FAILURES, "web", "10.0.0.1:80", "connect");
    int late = generation.counter(MetricName.POOL_FAILURES, "web", "10.0.0.1:80", "timeout");
    metrics.publish(generation);
    failures.tell(1);
    assertThat(log).isEmpty();

    metrics.worker(0).add(refused, 16);
    metrics.worker(1).increment(refused);
    metrics.worker(1).increment(late);
    failures.tell(1);
    assertThat(log)
        .containsExactlyInAnyOrder(
            "backend 10.0.0.1:80 of pool web failed 17 times in 10 s: no connection (connect)",
            "backend 10.0.0.1:80 of pool web failed 1 time in 10 s: no answer in time (timeout)");
    log.clear();
    failures.tell(1);
    assertThat(log).as("said once").isEmpty();
  }

  @Test
  void aReloadBringsBackendsAndTellsNothingTwice() {
    MetricsGeneration first = metrics.nextGeneration();
    int one = first.counter(MetricName.POOL_FAILURES, "web", "a:1", "reset");
    metrics.publish(first);
    metrics.worker(0).increment(one);
    failures.tell(1);
    assertThat(log).hasSize(1);

    MetricsGeneration second = metrics.nextGeneration();
    second.counter(MetricName.POOL_FAILURES, "web", "a:1", "reset");
    int other = second.counter(MetricName.POOL_FAILURES, "web", "b:1", "protocol");
    metrics.publish(second);
    metrics.worker(0).increment(other);
    log.clear();
    failures.tell(2);
    assertThat(log)
        .containsExactly(
            "backend b:1 of pool web failed 1 time in 10 s: an answer that is no HTTP (protocol)");
  }

  @Test
  void aReloadThatRemovesABackendSilencesNothing() {
    MetricsGeneration first = metrics.nextGeneration();
    int old = first.counter(MetricName.POOL_FAILURES, "web", "a:1", "connect");
    metrics.publish(first);
    failures.tell(1);

    metrics.worker(0).increment(old);
    MetricsGeneration second = metrics.nextGeneration();
    second.counter(MetricName.POOL_FAILURES, "web", "b:1", "connect");
    metrics.publish(second);
    failures.tell(2);
    assertThat(log)
        .containsExactly("backend a:1 of pool web failed 1 time in 10 s: no connection (connect)");
  }
}
