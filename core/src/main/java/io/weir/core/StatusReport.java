package io.weir.core;

import io.weir.core.listener.Listeners;
import io.weir.core.meter.RuleMeter;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.status.ProxyStatus;
import io.weir.core.status.ProxyStatus.BackendStatus;
import io.weir.core.status.ProxyStatus.ListenerStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.core.status.ProxyStatus.RouteStatus;
import io.weir.core.status.ProxyStatus.RuleStatus;
import io.weir.core.upstream.Pool;
import io.weir.firewall.RuleInfo;
import io.weir.metrics.Metrics;
import io.weir.tls.TlsProvider;
import java.util.Comparator;
import java.util.List;

/** Copies what operators may see out of the running parts. Any thread. */
final class StatusReport {
  private StatusReport() {}

  static ProxyStatus of(
      Snapshot snapshot,
      Listeners listeners,
      String transport,
      TlsProvider.Detected tls,
      int workers,
      boolean draining,
      Metrics metrics) {
    return new ProxyStatus(
        snapshot.generation(),
        transport,
        tls.version(),
        workers,
        draining,
        snapshot.listeners().values().stream()
            .map(listener -> listener(listener, listeners, metrics))
            .toList(),
        snapshot.routes().entrySet().stream()
            .map(route -> new RouteStatus(route.getKey(), route.getValue()))
            .sorted(Comparator.comparing(RouteStatus::label))
            .toList(),
        snapshot.pools().values().stream().map(StatusReport::pool).toList(),
        snapshot.firewall().rules().stream().map(rule -> rule(snapshot, rule, metrics)).toList());
  }

  private static ListenerStatus listener(Listener listener, Listeners bound, Metrics metrics) {
    boolean tls = listener.mode() instanceof Listener.Http http && http.certificates() != null;
    List<String> addresses =
        bound.addresses(listener.name()).stream().map(Listeners::text).toList();
    return new ListenerStatus(
        listener.name(),
        mode(listener.mode()),
        tls,
        addresses,
        metrics.sum(listener.meter().connections()));
  }

  private static String mode(Listener.Mode mode) {
    return switch (mode) {
      case Listener.Http http -> "http";
      case Listener.Relay relay -> "tcp";
      case Listener.RelayByServerName byName -> "sni";
    };
  }

  static PoolStatus pool(Pool pool) {
    return new PoolStatus(
        pool.name(),
        pool.balance(),
        pool.members().stream()
            .map(member ->
                new BackendStatus(
                    member.backend().name(),
                    member.weight(),
                    member.backup(),
                    member.backend().isUp(),
                    member.backend().inFlight(),
                    member.backend().tlsFailure()))
            .toList());
  }

  private static RuleStatus rule(Snapshot snapshot, RuleInfo rule, Metrics metrics) {
    RuleMeter meter = snapshot.ruleMeters().get(rule.index());
    return new RuleStatus(
        rule.name(),
        rule.action(),
        rule.mode().label(),
        metrics.sum(meter.matches()),
        meter.lastMatchMillis());
  }
}
