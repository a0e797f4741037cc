package io.weir.core;

import io.weir.core.compile.PoolWatch;
import io.weir.core.worker.Workers;
import io.weir.metrics.WorkerCounters;
import java.util.List;

/** Keeps the checks of the current snapshot's pools running and tells pools what they find. */
final class HealthChecks implements AutoCloseable {
  HealthChecks(Workers workers, WorkerCounters control) {}

  void sync(List<PoolWatch> watches) {}

  @Override
  public void close() {}
}
