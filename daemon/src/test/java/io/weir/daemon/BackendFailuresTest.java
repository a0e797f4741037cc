package io.weir.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.status.ProxyStatus;
import io.weir.core.status.ProxyStatus.BackendStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
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
    failures.tell(proxy(1, "10.0.0.1:80"));
    assertThat(log).isEmpty();

    metrics.worker(0).add(refused, 16);
    metrics.worker(1).increment(refused);
    metrics.worker(1).increment(late);
    failures.tell(proxy(1, "10.0.0.1:80"));
    assertThat(log)
        .containsExactlyInAnyOrder(
            "backend 10.0.0.1:80 of pool web failed 17 times in 10 s: no connection (connect)",
            "backend 10.0.0.1:80 of pool web failed 1 time in 10 s: no answer in time (timeout)");
    log.clear();
    failures.tell(proxy(1, "10.0.0.1:80"));
    assertThat(log).as("said once").isEmpty();
  }

  @Test
  void aReloadBringsBackendsAndTellsNothingTwice() {
    MetricsGeneration first = metrics.nextGeneration();
    int one = first.counter(MetricName.POOL_FAILURES, "web", "a:1", "reset");
    metrics.publish(first);
    metrics.worker(0).increment(one);
    failures.tell(proxy(1, "a:1"));
    assertThat(log).hasSize(1);

    MetricsGeneration second = metrics.nextGeneration();
    second.counter(MetricName.POOL_FAILURES, "web", "a:1", "reset");
    int other = second.counter(MetricName.POOL_FAILURES, "web", "b:1", "protocol");
    metrics.publish(second);
    metrics.worker(0).increment(other);
    log.clear();
    failures.tell(proxy(2, "a:1", "b:1"));
    assertThat(log)
        .containsExactly(
            "backend b:1 of pool web failed 1 time in 10 s: an answer that is no HTTP (protocol)");
  }

  private static ProxyStatus proxy(long generation, String... backends) {
    List<BackendStatus> all = new ArrayList<>();
    for (String backend : backends) {
      all.add(new BackendStatus(backend, 1, false, true, 0));
    }
    return new ProxyStatus(
        generation,
        "epoll",
        "BoringSSL",
        2,
        false,
        List.of(),
        List.of(),
        List.of(new PoolStatus("web", "random", all)),
        List.of());
  }
}
