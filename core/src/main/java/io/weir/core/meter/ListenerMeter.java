package io.weir.core.meter;

import io.weir.core.http.Failure;
import io.weir.core.http.HttpVersion;
import io.weir.firewall.Decision;
import io.weir.metrics.Buckets;
import io.weir.metrics.LatencyScope;
import io.weir.metrics.MetricName;
import io.weir.metrics.MetricsGeneration;
import io.weir.metrics.WorkerCounters;
import io.weir.metrics.WorkerLatency;
import io.weir.tls.HandshakeInfo;
import io.weir.tls.HandshakeInfo.Resumption;
import io.weir.tls.TlsFailure;
import io.weir.tls.TlsVersion;

/** The metrics of one listener. Raised on workers' loops. */
public final class ListenerMeter {
  private final int connections;
  private final int accepted;
  private final int[] rejected = new int[Rejection.values().length];
  private final int bytesIn;
  private final int bytesOut;
  private final int connectionDuration;
  private final int[] handshakes = new int[TlsVersion.values().length * 2];
  private final int[] handshakeFailures = new int[TlsFailure.values().length];
  private final int handshakeDuration;
  private final int[] requests = new int[HttpVersion.values().length];
  private final int inFlight;
  private final int upgraded;
  private final int overhead;
  private final int[] errors = new int[Failure.values().length];
  private final int[] decisions = new int[Decision.values().length];
  private final int latency;
  private final int totalLatency;

  /** Why a connection was closed that did nothing wrong in its protocol. */
  public enum Rejection {
    LIMIT("limit"),
    PER_IP("per_ip"),
    FIREWALL("firewall"),
    BAN("ban"),
    PROXY_HEADER("proxy_header"),
    /** It was to be relayed, and no backend of its pool was up, or none could be reached. */
    NO_BACKEND("no_backend"),
    /** It was served, but did not take what it asked for while memory was short. */
    OVERLOAD("overload");

    private final String label;

    Rejection(String label) {
      this.label = label;
    }
  }

  /** Registers the metrics of a listener. */
  public ListenerMeter(MetricsGeneration generation, String listener) {
    connections = generation.level(MetricName.CONNECTIONS, listener);
    accepted = generation.counter(MetricName.CONNECTIONS_ACCEPTED, listener);
    for (Rejection reason : Rejection.values()) {
      rejected[reason.ordinal()] =
          generation.counter(MetricName.CONNECTIONS_REJECTED, listener, reason.label);
    }
    bytesIn = generation.counter(MetricName.CONNECTION_BYTES, listener, "in");
    bytesOut = generation.counter(MetricName.CONNECTION_BYTES, listener, "out");
    connectionDuration = generation.histogram(MetricName.CONNECTION_DURATION, listener);
    for (TlsVersion version : TlsVersion.values()) {
      handshakes[version.ordinal() * 2] =
          generation.counter(
              MetricName.TLS_HANDSHAKES, listener, version.label(), Resumption.FULL.label());
      handshakes[version.ordinal() * 2 + 1] =
          generation.counter(
              MetricName.TLS_HANDSHAKES, listener, version.label(), Resumption.RESUMED.label());
    }
    for (TlsFailure failure : TlsFailure.values()) {
      handshakeFailures[failure.ordinal()] =
          generation.counter(MetricName.TLS_HANDSHAKE_FAILURES, listener, failure.label());
    }
    handshakeDuration = generation.histogram(MetricName.TLS_HANDSHAKE_DURATION, listener);
    for (HttpVersion version : HttpVersion.values()) {
      requests[version.ordinal()] =
          generation.counter(MetricName.HTTP_REQUESTS_BY_PROTOCOL, listener, version.label());
    }
    inFlight = generation.level(MetricName.HTTP_REQUESTS_IN_FLIGHT, listener);
    upgraded = generation.level(MetricName.HTTP_UPGRADED_CONNECTIONS, listener);
    overhead = generation.histogram(MetricName.HTTP_OVERHEAD, listener);
    for (Failure failure : Failure.values()) {
      errors[failure.ordinal()] =
          generation.counter(MetricName.HTTP_ERRORS, listener, failure.label());
    }
    for (Decision decision : Decision.values()) {
      decisions[decision.ordinal()] =
          generation.counter(MetricName.FIREWALL_REQUESTS, listener, decision.label());
    }
    latency = generation.latency(LatencyScope.LISTENER, listener);
    totalLatency = generation.latency(LatencyScope.TOTAL);
  }

  /** The slot that says how many connections are open. */
  public int connections() {
    return connections;
  }

  public void connectionOpened(WorkerCounters counters) {
    counters.increment(accepted);
    counters.increment(connections);
  }

  public void connectionClosed(WorkerCounters counters) {
    counters.add(connections, -1);
  }

  public void connectionRejected(WorkerCounters counters, Rejection reason) {
    counters.increment(rejected[reason.ordinal()]);
  }

  public void bytes(WorkerCounters counters, long in, long out) {
    counters.add(bytesIn, in);
    counters.add(bytesOut, out);
  }

  /** A relayed connection ended. */
  public void relayEnded(WorkerCounters counters, long nanos) {
    counters.observe(Buckets.DURATION, connectionDuration, nanos);
  }

  public void handshakeCompleted(WorkerCounters counters, HandshakeInfo info, long nanos) {
    int version = info.version().equals(TlsVersion.TLSv1_3.label()) ? 1 : 0;
    int resumed = info.resumption() == Resumption.RESUMED ? 1 : 0;
    counters.increment(handshakes[version * 2 + resumed]);
    counters.observe(Buckets.DURATION, handshakeDuration, nanos);
  }

  public void handshakeFailed(WorkerCounters counters, TlsFailure failure) {
    counters.increment(handshakeFailures[failure.ordinal()]);
  }

  public void requestBegan(WorkerCounters counters, HttpVersion version) {
    counters.increment(requests[version.ordinal()]);
    counters.increment(inFlight);
  }

  public void requestEnded(
      WorkerCounters counters, WorkerLatency latencies, long nanos, long overheadNanos) {
    counters.add(inFlight, -1);
    counters.observe(Buckets.FAST, overhead, overheadNanos);
    latencies.record(latency, nanos);
    latencies.record(totalLatency, nanos);
  }

  /** An exchange left HTTP, or has ended after it did. */
  public void upgraded(WorkerCounters counters, int change) {
    counters.add(upgraded, change);
  }

  public void failed(WorkerCounters counters, Failure failure) {
    counters.increment(errors[failure.ordinal()]);
  }

  public void decided(WorkerCounters counters, Decision decision) {
    counters.increment(decisions[decision.ordinal()]);
  }
}
