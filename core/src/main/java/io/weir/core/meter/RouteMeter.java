package io.weir.core.meter;

import io.weir.metrics.Buckets;
import io.weir.metrics.CodeLabel;
import io.weir.metrics.LatencyScope;
import io.weir.metrics.MethodLabel;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;
import io.weir.metrics.WorkerCounters;
import io.weir.metrics.WorkerLatency;

/** The metrics of one route on one listener. Raised on workers' loops. */
public final class RouteMeter {
  private final int requests;
  private final int duration;
  private final int bytesIn;
  private final int bytesOut;
  private final int latency;

  /** Registers the metrics of a route. */
  public RouteMeter(MetricsGeneration generation, String listener, String route) {
    requests = generation.requests(listener, route);
    duration = generation.histogram(MetricName.HTTP_REQUEST_DURATION, route);
    bytesIn = generation.counter(MetricName.HTTP_REQUEST_BODY_BYTES, route);
    bytesOut = generation.counter(MetricName.HTTP_RESPONSE_BODY_BYTES, route);
    latency = generation.latency(LatencyScope.ROUTE, route);
  }

  /** A request ended. */
  public void requestEnded(
      WorkerCounters counters,
      WorkerLatency latencies,
      String method,
      int status,
      long nanos,
      long in,
      long out) {
    counters.request(requests, MethodLabel.index(method), CodeLabel.index(status));
    counters.observe(Buckets.DURATION, duration, nanos);
    counters.add(bytesIn, in);
    counters.add(bytesOut, out);
    latencies.record(latency, nanos);
  }
}
