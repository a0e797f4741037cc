package io.weir.daemon.service;

import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.function.Supplier;

/** The {@code jvm_*} and {@code process_*} series under their usual names; safe for all threads. */
final class JvmSeries implements Supplier<MetricSnapshots> {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private boolean registered; // guarded by this

  /** Sets up what is asked. It takes a while, so a start does not wait for it. */
  synchronized void register() {
    if (!registered) {
      registered = true;
      JvmMetrics.builder().register(registry);
    }
  }

  @Override
  public MetricSnapshots get() {
    register();
    return registry.scrape();
  }
}
