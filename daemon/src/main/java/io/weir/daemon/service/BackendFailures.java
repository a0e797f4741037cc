package io.weir.daemon.service;

import io.weir.core.status.ProxyStatus.BackendStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.metrics.MetricName;
import io.weir.metrics.Metrics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the log why backends fail, one line for each backend and reason however many requests it
 * was: the access log in its combined form has no place for it. For one thread.
 */
final class BackendFailures {
  /** Seconds; long enough that a storm of errors is few lines, short enough to be watched. */
  static final int EVERY = 10;

  /** The reasons of the metric, in words. */
  private static final Map<String, String> REASONS =
      Map.of(
          "connect", "no connection",
          "tls", "no TLS, or a certificate that is not believed", // where no more is known
          "timeout", "no answer in time",
          "reset", "the connection ended before the answer did",
          "refused", "it says that it took no request",
          "protocol", "an answer that is no HTTP");

  /** What is counted. */
  private record Failure(String pool, String backend, String reason) {
    /**
     * @param details of the last time; null where no more is known than the reason
     */
    String inWords(long times, @Nullable String details) {
      return "backend %s of pool %s failed %d %s in %d s: %s (%s)"
          .formatted(
              backend,
              pool,
              times,
              times == 1 ? "time" : "times",
              EVERY,
              details == null ? REASONS.get(reason) : details,
              reason);
    }

    @Nullable String details(List<PoolStatus> pools) {
      if (!reason.equals("tls")) {
        return null;
      }
      return pools.stream()
          .filter(status -> status.name().equals(pool))
          .flatMap(status -> status.backends().stream())
          .filter(status -> status.address().equals(backend))
          .map(BackendStatus::tlsFailure)
          .filter(Objects::nonNull)
          .findFirst()
          .orElse(null);
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

  /**
   * Tells what failed since it was last asked.
   *
   * @param current the generation of the configuration that serves
   * @param pools as they are now
   */
  void tell(long current, List<PoolStatus> pools) {
    tellMore(pools);
    if (current != generation) { // after the last words of backends that are no more
      generation = current;
      follow();
      tellMore(pools);
    }
  }

  private void tellMore(List<PoolStatus> pools) {
    slots.forEach((failure, counted) -> {
      long now = metrics.sum(counted);
      long more = now - told.getOrDefault(failure, 0L);
      if (more > 0) {
        told.put(failure, now);
        log.accept(failure.inWords(more, failure.details(pools)));
      }
    });
  }

  /** A walk over all that is counted, so it is done once for a configuration. */
  private void follow() {
    Map<Failure, int[]> found = new HashMap<>();
    metrics
        .slots(MetricName.POOL_FAILURES)
        .forEach((labels, counted) ->
            found.put(new Failure(labels.get(0), labels.get(1), labels.get(2)), counted));
    slots = found;
  }
}
