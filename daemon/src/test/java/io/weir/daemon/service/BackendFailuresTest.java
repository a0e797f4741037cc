package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.status.ProxyStatus.BackendStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import io.weir.metrics.MetricsGeneration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    failures.tell(1, List.of());
    assertThat(log).isEmpty();

    metrics.worker(0).add(refused, 16);
    metrics.worker(1).increment(refused);
    metrics.worker(1).increment(late);
    failures.tell(1, List.of());
    assertThat(log)
        .containsExactlyInAnyOrder(
            "backend 10.0.0.1:80 of pool web failed 17 times in 10 s: no connection (connect)",
            "backend 10.0.0.1:80 of pool web failed 1 time in 10 s: no answer in time (timeout)");
    log.clear();
    failures.tell(1, List.of());
    assertThat(log).as("said once").isEmpty();
  }

  @Test
  void whyTlsFailedIsToldWhereItIsKnown() {
    MetricsGeneration generation = metrics.nextGeneration();
    int tls = generation.counter(MetricName.POOL_FAILURES, "web", "a:443", "tls");
    int reset = generation.counter(MetricName.POOL_FAILURES, "web", "a:443", "reset");
    int other = generation.counter(MetricName.POOL_FAILURES, "api", "a:443", "tls");
    metrics.publish(generation);
    failures.tell(1, List.of());
    metrics.worker(0).increment(tls);
    metrics.worker(0).increment(reset);
    metrics.worker(0).increment(other);
    failures.tell(1, List.of(pool("web", "a:443", "it expired"), pool("api", "a:443", null)));
    assertThat(log)
        .containsExactlyInAnyOrder(
            "backend a:443 of pool web failed 1 time in 10 s: it expired (tls)",
            "backend a:443 of pool web failed 1 time in 10 s: the connection ended before the"
                + " answer did (reset)",
            "backend a:443 of pool api failed 1 time in 10 s: no TLS, or a certificate that is not"
                + " believed (tls)");
  }

  private static PoolStatus pool(String name, String backend, @Nullable String tlsFailure) {
    return new PoolStatus(
        name, "random", List.of(new BackendStatus(backend, 1, false, true, 0, tlsFailure)));
  }

  @Test
  void aReloadBringsBackendsAndTellsNothingTwice() {
    MetricsGeneration first = metrics.nextGeneration();
    int one = first.counter(MetricName.POOL_FAILURES, "web", "a:1", "reset");
    metrics.publish(first);
    metrics.worker(0).increment(one);
    failures.tell(1, List.of());
    assertThat(log).hasSize(1);

    MetricsGeneration second = metrics.nextGeneration();
    second.counter(MetricName.POOL_FAILURES, "web", "a:1", "reset");
    int other = second.counter(MetricName.POOL_FAILURES, "web", "b:1", "protocol");
    metrics.publish(second);
    metrics.worker(0).increment(other);
    log.clear();
    failures.tell(2, List.of());
    assertThat(log)
        .containsExactly(
            "backend b:1 of pool web failed 1 time in 10 s: an answer that is no HTTP (protocol)");
  }

  @Test
  void aReloadThatRemovesABackendSilencesNothing() {
    MetricsGeneration first = metrics.nextGeneration();
    int old = first.counter(MetricName.POOL_FAILURES, "web", "a:1", "connect");
    metrics.publish(first);
    failures.tell(1, List.of());

    metrics.worker(0).increment(old);
    MetricsGeneration second = metrics.nextGeneration();
    second.counter(MetricName.POOL_FAILURES, "web", "b:1", "connect");
    metrics.publish(second);
    failures.tell(2, List.of());
    assertThat(log)
        .containsExactly("backend a:1 of pool web failed 1 time in 10 s: no connection (connect)");
  }
}
