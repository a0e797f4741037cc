package io.weir.core.meter;

import io.weir.core.http.Failure;
import io.weir.metrics.Buckets;
import io.weir.metrics.LatencyScope;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;
import io.weir.metrics.WorkerCounters;

/** The metrics of one backend. Raised on workers' loops, those of checks on the control loop. */
public final class BackendMeter {
  private final int[] requests = new int[6];
  private final int[] failures = new int[Failure.values().length];
  private final int inFlight;
  private final int active;
  private final int idle;
  private final int opened;
  private final int bytesIn;
  private final int bytesOut;
  private final int latency;
  private final int[] checks = new int[3];
  private final int wentUp;
  private final int wentDown;

  /** Registers the metrics of a backend. */
  public BackendMeter(MetricsGeneration generation, String pool, String backend) {
    for (int i = 1; i < requests.length; i++) {
      requests[i] = generation.counter(MetricName.POOL_REQUESTS, pool, backend, i + "xx");
    }
    requests[0] = requests[5];
    for (Failure failure : Failure.values()) {
      if (failure.side() == Failure.Side.BACKEND) {
        failures[failure.ordinal()] =
            generation.counter(MetricName.POOL_FAILURES, pool, backend, failure.poolReason());
      }
    }
    inFlight = generation.level(MetricName.POOL_REQUESTS_IN_FLIGHT, pool, backend);
    active = generation.level(MetricName.POOL_CONNECTIONS, pool, backend, "active");
    idle = generation.level(MetricName.POOL_CONNECTIONS, pool, backend, "idle");
    opened = generation.counter(MetricName.POOL_CONNECTIONS_OPENED, pool, backend);
    bytesIn = generation.counter(MetricName.POOL_BYTES, pool, backend, "in");
    bytesOut = generation.counter(MetricName.POOL_BYTES, pool, backend, "out");
    latency = generation.latency(LatencyScope.BACKEND, pool, backend);
    checks[0] = generation.counter(MetricName.POOL_HEALTH_CHECKS, pool, backend, "pass");
    checks[1] = generation.counter(MetricName.POOL_HEALTH_CHECKS, pool, backend, "fail");
    checks[2] = generation.counter(MetricName.POOL_HEALTH_CHECKS, pool, backend, "timeout");
    wentUp = generation.counter(MetricName.POOL_STATE_CHANGES, pool, backend, "up");
    wentDown = generation.counter(MetricName.POOL_STATE_CHANGES, pool, backend, "down");
  }

  public void requestBegan(WorkerCounters counters) {
    counters.increment(inFlight);
  }

  /** An attempt ended, with or without a response. */
  public void requestEnded(WorkerCounters counters) {
    counters.add(inFlight, -1);
  }

  /** A response was received in full. */
  public void answered(WorkerCounters counters, int status, long nanos) {
    int codeClass = status / 100;
    counters.increment(requests[codeClass < requests.length ? codeClass : 0]);
    counters.observe(Buckets.DURATION, latency, nanos);
  }

  /** An attempt failed through the backend's fault. */
  public void failed(WorkerCounters counters, Failure failure) {
    counters.increment(failures[failure.ordinal()]);
  }

  public void opened(WorkerCounters counters) {
    counters.increment(opened);
  }

  /** So many connections more, or fewer, that carry requests. */
  public void active(WorkerCounters counters, int n) {
    counters.add(active, n);
  }

  /** So many connections more, or fewer, that carry none. */
  public void idle(WorkerCounters counters, int n) {
    counters.add(idle, n);
  }

  /** Body bytes received from the backend and sent to it. */
  public void bytes(WorkerCounters counters, long in, long out) {
    counters.add(bytesIn, in);
    counters.add(bytesOut, out);
  }

  public void checkPassed(WorkerCounters control) {
    control.increment(checks[0]);
  }

  public void checkFailed(WorkerCounters control) {
    control.increment(checks[1]);
  }

  public void checkTimedOut(WorkerCounters control) {
    control.increment(checks[2]);
  }

  public void changed(WorkerCounters control, boolean up) {
    control.increment(up ? wentUp : wentDown);
  }
}
