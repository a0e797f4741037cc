package io.weir.core.listener;

import io.netty.channel.Channel;
import io.weir.core.exchange.RequestPath;
import io.weir.core.exchange.RuleCounts;
import io.weir.core.meter.ListenerMeter.Rejection;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.worker.Worker;
import io.weir.firewall.Decision;
import io.weir.firewall.Firewall;
import io.weir.firewall.FollowUp;
import io.weir.firewall.Refusal;
import io.weir.firewall.RuleHits;
import io.weir.firewall.TlsHello;
import io.weir.firewall.Verdict;
import io.weir.firewall.address.ClientAddress;
import org.jspecify.annotations.Nullable;

/**
 * Asks the rules about a connection: before anything is read from it, and by its ClientHello. For
 * one worker's loop.
 */
final class Gate {
  private final RequestPath path;
  private GenerationRules newest;
  private @Nullable GenerationRules leftToHello;

  Gate(RequestPath path) {
    this.path = path;
    newest = GenerationRules.of(path.snapshot());
  }

  /** Why the connection may not stay; null if it may. */
  @Nullable Rejection judge(
      Channel channel,
      Snapshot snapshot,
      Listener listener,
      ClientAddress client,
      boolean trusted) {
    leftToHello = null;
    boolean tcp = !(listener.mode() instanceof Listener.Http);
    if (trusted && !tcp) {
      return null; // its clients are judged one by one, per request
    }
    GenerationRules rules = rules(snapshot);
    RuleHits of = rules.hits();
    Worker worker = path.worker();
    long now = worker.clock().nanos();
    long millis = worker.clock().epochMillis();
    Verdict verdict = verdict(snapshot.firewall(), listener, client, of, now, millis);
    leftToHello = verdict == null && tcp ? rules : null;
    follow(of, channel);
    snapshot.firewallMeter().connectionJudged(worker.counters(), worker.clock().nanos() - now);
    RuleCounts.count(snapshot, of, worker);
    path.report().connection(snapshot, listener, client, of, verdict);
    return rejection(verdict);
  }

  private static @Nullable Verdict verdict(
      Firewall firewall,
      Listener listener,
      ClientAddress client,
      RuleHits of,
      long now,
      long millis) {
    return switch (listener.mode()) {
      case Listener.Http ignored ->
          firewall.checkConnection(client, listener.index(), of, now, millis);
      case Listener.Relay ignored ->
          firewall.checkTcpConnection(client, listener.index(), of, now, millis);
      case Listener.RelayByServerName ignored ->
          firewall.checkBeforeHello(client, listener.index(), of, now, millis);
    };
  }

  /**
   * The rules that are to judge the connection that was judged last by its ClientHello, too, so
   * that each is asked once; null if it was judged for good.
   */
  @Nullable GenerationRules leftToHello() {
    return leftToHello;
  }

  /** Why a connection may not stay whose ClientHello came; null if it may. */
  @Nullable Rejection judge(
      Channel channel, GenerationRules rules, Listener listener, TlsHello hello) {
    Snapshot snapshot = rules.snapshot();
    RuleHits of = rules.hits();
    Worker worker = path.worker();
    long now = worker.clock().nanos();
    Verdict verdict = snapshot.firewall().checkHello(hello, of, now);
    follow(of, channel);
    snapshot.firewallMeter().connectionJudged(worker.counters(), worker.clock().nanos() - now);
    RuleCounts.count(snapshot, of, worker);
    path.report().connection(snapshot, listener, hello, of, verdict);
    return rejection(verdict);
  }

  /** Rules that count what is under way count a connection until it is closed. */
  private static void follow(RuleHits of, Channel channel) {
    FollowUp followUp = of.followUp();
    if (followUp != null) {
      channel.closeFuture().addListener(closed -> followUp.onEnd());
    }
  }

  private GenerationRules rules(Snapshot snapshot) {
    if (snapshot.generation() != newest.snapshot().generation()) { // who is accepted sees the last
      newest = GenerationRules.of(snapshot);
    }
    return newest;
  }

  private static @Nullable Rejection rejection(@Nullable Verdict verdict) {
    if (!(verdict instanceof Refusal refusal)) {
      return null;
    }
    return refusal.decision() == Decision.BAN ? Rejection.BAN : Rejection.FIREWALL;
  }
}
