package io.weir.core.listener;

import io.weir.core.exchange.RequestPath;
import io.weir.core.exchange.RuleCounts;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Snapshot;
import io.weir.firewall.Refusal;
import io.weir.firewall.RuleHits;
import io.weir.firewall.address.ClientAddress;

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

  /** Whether the connection may stay. */
  boolean admits(Snapshot snapshot, Listener listener, ClientAddress client, boolean trusted) {
    boolean tcp = !(listener.mode() instanceof Listener.Http);
    if (trusted && !tcp) {
      return true; // its clients are judged one by one, per request
    }
    if (snapshot.generation() != seen.generation()) {
      seen = snapshot;
      hits = snapshot.firewall().newHits();
    }
    long now = path.worker().clock().nanos();
    boolean refused =
        tcp
            ? snapshot.firewall().checkTcpConnection(client, listener.index(), hits, now)
                instanceof Refusal
            : snapshot.firewall().hasConnectionRules()
                && snapshot.firewall().checkConnection(client, listener.index(), hits, now) != null;
    snapshot
        .firewallMeter()
        .connectionJudged(path.worker().counters(), path.worker().clock().nanos() - now);
    if (refused || tcp) {
      RuleCounts.count(snapshot, hits, path.worker());
    }
    return !refused;
  }
}
