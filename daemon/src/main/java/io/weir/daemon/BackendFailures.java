package io.weir.daemon;

import io.weir.core.status.ProxyStatus;
import io.weir.core.status.ProxyStatus.BackendStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells the log why backends fail, one line for each backend and reason however many requests it
 * was: the access log in its combined form has no place for it. For one thread.
 */
final class BackendFailures {
  /** Seconds; long enough that a storm of errors is few lines, short enough to be watched. */
  static final int EVERY = 10;

  private static final List<String> LABELS = List.of("pool", "backend", "reason");

  /** The reasons of the metric, in words. */
  private static final Map<String, String> REASONS =
      Map.of(
          "connect", "no connection",
          "tls", "no TLS, or a certificate that is not believed",
          "timeout", "no answer in time",
          "reset", "the connection ended before the answer did",
          "protocol", "an answer that is no HTTP");

  /** What is counted. */
  private record Failure(String pool, String backend, String reason) {
    String inWords(long times) {
      return "backend %s of pool %s failed %d %s in %d s: %s (%s)"
          .formatted(
              backend,
              pool,
              times,
              times == 1 ? "time" : "times",
              EVERY,
              REASONS.get(reason),
              reason);
    }
  }

  private final Metrics metrics;
  private final Consumer<String> log;
  private final Map<Failure, Long> told =
      new HashMap<>(); // kept, as counters are, for one that comes back
  private Map<Failure, int[]> slots = Map.of();
  private long generation = -1; // none yet

  BackendFailures(Metrics metrics, Consumer<String> log) {
    this.metrics = metrics;
    this.log = log;
  }

  /** Tells what failed since it was last asked. */
  void tell(ProxyStatus proxy) {
    if (proxy.generation() != generation) {
      generation = proxy.generation();
      follow(proxy);
    }
    slots.forEach((failure, counted) -> {
      long now = metrics.sum(counted);
      long more = now - told.getOrDefault(failure, 0L);
      if (more > 0) {
        told.put(failure, now);
        log.accept(failure.inWords(more));
      }
    });
  }

  /** Finding a counter takes a walk over all of them, so it is done once for a configuration. */
  private void follow(ProxyStatus proxy) {
    Map<Failure, int[]> found = new HashMap<>();
    for (PoolStatus pool : proxy.pools()) {
      for (BackendStatus backend : pool.backends()) {
        for (String reason : REASONS.keySet()) {
          Failure failure = new Failure(pool.name(), backend.address(), reason);
          List<String> values = List.of(pool.name(), backend.address(), reason);
          found.put(failure, metrics.slots(MetricName.POOL_FAILURES, LABELS, values));
        }
      }
    }
    slots = found;
  }
}
