package io.weir.core.testkit;

import io.weir.core.Proxy;
import io.weir.core.Proxy.ApplyResult;
import io.weir.core.StartException;
import io.weir.core.config.ConfigError;
import io.weir.core.config.ProxyConfig;
import io.weir.core.status.Refused;
import io.weir.core.status.RefusedSince;
import io.weir.firewall.ban.BanTable;
import io.weir.metrics.Metrics;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A running proxy, as the stories use it: the only file that knows its door. */
public final class WeirUnderTest implements AutoCloseable {
  private final Proxy proxy;
  private final Metrics metrics;
  private final AccessRecorder log;
  private final FirewallRecorder firewallLog;
  private boolean closed;

  private WeirUnderTest(
      Proxy proxy, Metrics metrics, AccessRecorder log, FirewallRecorder firewallLog) {
    this.proxy = proxy;
    this.metrics = metrics;
    this.log = log;
    this.firewallLog = firewallLog;
  }

  public static WeirUnderTest start(ProxyConfig config) {
    Metrics metrics = new Metrics(config.runtime().workers());
    AccessRecorder log = new AccessRecorder();
    FirewallRecorder firewallLog = new FirewallRecorder();
    try {
      Proxy proxy = Proxy.start(config, metrics, new Proxy.Logs(log, firewallLog));
      return new WeirUnderTest(proxy, metrics, log, firewallLog);
    } catch (StartException e) {
      throw new AssertionError("the proxy did not start: " + e.errors(), e);
    }
  }

  public InetSocketAddress address(String listener) {
    return proxy.address(listener);
  }

  /** The errors for which the configuration was refused; none if it is now in force. */
  public List<ConfigError> apply(ProxyConfig config) {
    return switch (proxy.apply(config)) {
      case ApplyResult.Applied applied -> List.of();
      case ApplyResult.Rejected rejected -> rejected.errors();
      case ApplyResult.Unusable unusable -> List.of(unusable.reason());
    };
  }

  public BanTable bans() {
    return proxy.bans();
  }

  /** Whether every exchange ended in time. */
  public boolean drain(Duration patience) {
    return proxy.drain(patience);
  }

  public Metrics metrics() {
    return metrics;
  }

  /** Why TLS with the only backend of a pool failed last, in words; null: it never did. */
  public @Nullable String tlsFailure(String pool) {
    return proxy.status().pools().stream()
        .filter(status -> status.name().equals(pool))
        .findFirst()
        .orElseThrow()
        .backends()
        .getFirst()
        .tlsFailure();
  }

  /** The sum of a metric's samples that have all these label values, as a scrape would see it. */
  public double figure(String name, String... labelValues) {
    return new Figures(metrics).sum(name, labelValues);
  }

  /** Waits until {@link #figure} is so much. */
  public void eventually(String name, double value, String... labelValues) {
    ByteBackend.waitsUntil(
        name + " " + List.of(labelValues) + " = " + value,
        () -> figure(name, labelValues) == value);
  }

  /** What the access log got. */
  public AccessRecorder log() {
    return log;
  }

  /** What the firewall log got. */
  public FirewallRecorder firewallLog() {
    return firewallLog;
  }

  /** The latest refusals that are remembered. */
  public RefusedSince refusedSince(List<RefusedSince.Mark> marks, int limit) {
    return proxy.refusedSince(marks, limit).join();
  }

  public List<Refused> refusals(int limit) {
    return proxy.refusals(limit).join();
  }

  /** A refusal that is remembered. */
  public Optional<Refused> refusal(String requestId) {
    return proxy.refusal(requestId).join();
  }

  /** Stops it now; again, it does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      proxy.close();
    }
  }
}
