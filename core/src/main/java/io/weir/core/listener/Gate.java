package io.weir.core.listener;

import io.weir.core.exchange.RequestPath;
import io.weir.core.exchange.RuleCounts;
import io.weir.core.meter.ListenerMeter.Rejection;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.worker.Worker;
import io.weir.firewall.Decision;
import io.weir.firewall.Firewall;
import io.weir.firewall.Refusal;
import io.weir.firewall.RuleHits;
import io.weir.firewall.Verdict;
import io.weir.firewall.address.ClientAddress;
import org.jspecify.annotations.Nullable;

/** Asks the rules about a connection before anything is read from it. For one worker's loop. */
final class Gate {
  private final RequestPath path;
  private Snapshot seen;
  private RuleHits hits;

  Gate(RequestPath path) {
    this.path = path;
    this.seen = path.snapshot();
    this.hits = seen.firewall().newHits();
  }

  /** Why the connection may not stay; null if it may. */
  @Nullable Rejection judge(
      Snapshot snapshot, Listener listener, ClientAddress client, boolean trusted) {
    boolean tcp = !(listener.mode() instanceof Listener.Http);
    if (trusted && !tcp) {
      return null; // its clients are judged one by one, per request
    }
    if (snapshot.generation() != seen.generation()) {
      seen = snapshot;
      hits = snapshot.firewall().newHits();
    }
    Worker worker = path.worker();
    long now = worker.clock().nanos();
    long millis = worker.clock().epochMillis();
    Firewall firewall = snapshot.firewall();
    Verdict verdict =
        tcp
            ? firewall.checkTcpConnection(client, listener.index(), hits, now, millis)
            : firewall.checkConnection(client, listener.index(), hits, now, millis);
    snapshot.firewallMeter().connectionJudged(worker.counters(), worker.clock().nanos() - now);
    RuleCounts.count(snapshot, hits, worker);
    path.report().connection(snapshot, listener, client, hits, verdict);
    if (!(verdict instanceof Refusal refusal)) {
      return null;
    }
    return refusal.decision() == Decision.BAN ? Rejection.BAN : Rejection.FIREWALL;
  }
}
