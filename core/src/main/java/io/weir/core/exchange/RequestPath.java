package io.weir.core.exchange;

import io.weir.core.http.DownstreamStream;
import io.weir.core.http.Failure;
import io.weir.core.http.RequestHead;
import io.weir.core.http.RequestListener;
import io.weir.core.log.AccessLog;
import io.weir.core.log.FirewallLog;
import io.weir.core.route.Router;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Route;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.upstream.Backend;
import io.weir.core.worker.Worker;
import io.weir.firewall.Permit;
import io.weir.firewall.Refusal;
import io.weir.firewall.RequestMatches;
import io.weir.firewall.RuleHits;
import io.weir.firewall.Verdict;
import io.weir.firewall.path.RequestTarget;
import org.jspecify.annotations.Nullable;

/** The way of every request of one worker, from its head to its backend. For its loop. */
public final class RequestPath {
  private final Worker worker;
  private final AccessLog.@Nullable Sink log;
  private final RequestFacts facts = new RequestFacts();
  private final ExchangeRecord record;
  private final RuleReport report;
  private final Tarpit tarpit;
  private final PassingHeads heads;
  private final Router.Rest<Route> rest = this::restHolds;

  private Judging judging;
  private RequestMatches.Look look; // of the request that is routed
  private boolean draining;

  /** A snapshot, and what its rules and routes need to be asked. */
  private record Judging(Snapshot snapshot, RuleHits hits, RequestMatches.Look look) {
    static Judging by(Snapshot snapshot) {
      return new Judging(
          snapshot, snapshot.firewall().newHits(), snapshot.routeMatches().newLook());
    }
  }

  /**
   * Begins with a snapshot.
   *
   * @param log of ended exchanges; null when nothing is logged
   * @param firewallLog of what rules did; null when nothing is logged
   */
  public RequestPath(
      Worker worker,
      AccessLog.@Nullable Sink log,
      FirewallLog.@Nullable Sink firewallLog,
      Snapshot snapshot) {
    this.worker = worker;
    this.log = log;
    this.record = new ExchangeRecord(worker);
    this.report = new RuleReport(worker, firewallLog);
    this.tarpit = new Tarpit(worker);
    this.heads = new PassingHeads(worker);
    this.judging = Judging.by(snapshot);
    this.look = judging.look();
    bound(snapshot);
  }

  /** Requests from now on see {@code next}; those under way keep what they pinned. */
  public void adopt(Snapshot next) {
    judging = Judging.by(next);
    bound(next);
  }

  private void bound(Snapshot by) {
    worker.slowReaders().atMost(by.maxSlowReaders());
    worker.headMemory().atMost(by.maxHeadMemory());
  }

  /** Connections end with their current request from now on, and who is only held ends now. */
  public void drain() {
    draining = true;
    tarpit.drain();
  }

  /** Whether {@link #drain} was called. */
  public boolean isDraining() {
    return draining;
  }

  public Snapshot snapshot() {
    return judging.snapshot();
  }

  public Worker worker() {
    return worker;
  }

  /** Who is told what has ended; null when nothing is logged. */
  public AccessLog.@Nullable Sink log() {
    return log;
  }

  ExchangeRecord record() {
    return record;
  }

  /** Tells what rules did, also of connections. */
  public RuleReport report() {
    return report;
  }

  Tarpit tarpit() {
    return tarpit;
  }

  PassingHeads heads() {
    return heads;
  }

  RequestListener onHead(ClientConnection connection, DownstreamStream stream, RequestHead head) {
    Judging by = judging(connection);
    Snapshot pinned = by.snapshot();
    Exchange exchange = new Exchange(this, connection, pinned, stream, head);
    Listener listener = exchange.listener();
    RequestTarget target = Targets.read(head, pinned.pathMode());
    if (target == null) {
      exchange.fail(Failure.BAD_REQUEST);
      return exchange;
    }
    exchange.read(target, connection.client(pinned, head));
    look = by.look();
    Route route = route(listener, exchange, target);
    exchange.routed(route);
    PathTrial.tryStrict(pinned, exchange, target, report);
    if (!Targets.isTaken(target, route, pinned.pathMode())) {
      exchange.fail(Failure.BAD_REQUEST);
      return exchange;
    }
    switch (guard(pinned, by.hits(), listener, route, exchange, target)) {
      case Refusal refusal -> exchange.refuse(refusal, by.hits().retryAfterSeconds());
      case Permit permit -> exchange.take(target, permit);
    }
    return exchange;
  }

  /** What is made for the few requests on connections whose listener a reload has removed. */
  private Judging judging(ClientConnection connection) {
    Snapshot by = connection.judgedBy(judging.snapshot());
    return by.generation() == judging.snapshot().generation() ? judging : Judging.by(by);
  }

  private boolean restHolds(Route route) {
    return look.holds(route.rest());
  }

  private Route route(Listener listener, Exchange exchange, RequestTarget target) {
    Router<Route> router = listener.http().router();
    String host = exchange.head().host();
    if (!router.asksMore()) {
      return router.find(host, target.path());
    }
    facts.of(exchange, listener.index(), "", target);
    look.begin(facts);
    Route found = router.find(host, target.path(), rest);
    look.end();
    facts.clear();
    return found;
  }

  private Verdict guard(
      Snapshot pinned,
      RuleHits hits,
      Listener listener,
      Route route,
      Exchange exchange,
      RequestTarget target) {
    facts.of(exchange, listener.index(), route.label(), target);
    long began = worker.clock().nanos();
    Verdict verdict = pinned.firewall().checkRequest(facts, hits, began);
    pinned.firewallMeter().requestJudged(worker.counters(), worker.clock().nanos() - began);
    exchange.followedUpBy(hits.followUp());
    exchange.limitedBy(hits.quotas());
    listener.meter().decided(worker.counters(), verdict.decision());
    RuleCounts.count(pinned, hits, worker);
    report.request(pinned, exchange, facts, hits, verdict);
    facts.clear();
    return verdict;
  }

  /** Gives up the connections to a backend that no configuration has any more. */
  public void forget(Backend orphan) {
    orphan.on(worker).retireAll();
  }
}
