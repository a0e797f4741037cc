package io.weir.core.config;

import java.time.Duration;

/**
 * Idle connections kept to each backend.
 *
 * @param idle closed after this long without use; below the 5 s after which common backends close
 * @param perWorker kept per backend and worker, 0 to 10000; 0 keeps none
 */
public record KeepAliveConfig(Duration idle, int perWorker) {
  public static final KeepAliveConfig DEFAULTS = new KeepAliveConfig(Duration.ofSeconds(4), 32);

  public KeepAliveConfig {
    Check.positive("idle", idle);
    Check.range("per_worker", perWorker, 0, 10_000);
  }
}
