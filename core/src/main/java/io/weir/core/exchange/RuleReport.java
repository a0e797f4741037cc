package io.weir.core.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.weir.core.log.FirewallLog;
import io.weir.core.log.FirewallRecord;
import io.weir.core.snapshot.Listener;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.worker.Worker;
import io.weir.firewall.Decision;
import io.weir.firewall.Evidence;
import io.weir.firewall.Firewall;
import io.weir.firewall.Refusal;
import io.weir.firewall.RequestView;
import io.weir.firewall.RuleHits;
import io.weir.firewall.RuleInfo;
import io.weir.firewall.TlsHello;
import io.weir.firewall.Verdict;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.ban.Ban;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.path.RequestTarget;
import org.jspecify.annotations.Nullable;

/**
 * Tells what the rules did against a request or a connection: all of it to the log, and what was
 * refused to the memory of recent refusals. Shows one thing at a time; for one worker's loop.
 */
public final class RuleReport implements FirewallRecord {
  private final Worker worker;
  private final FirewallLog.@Nullable Sink log;
  private final RecentRefusals recent = new RecentRefusals();
  private final Evidence evidence = new Evidence();

  private ClientAddress client;
  private String listener = "";
  private long generation;
  private @Nullable Exchange exchange;
  private @Nullable RequestView view;
  private @Nullable TlsHello hello;
  private @Nullable String requestId;

  private @Nullable String rule;
  private String action = "";
  private RuleMode mode = RuleMode.ENFORCE;
  private @Nullable String field;
  private @Nullable CharSequence excerpt;
  private @Nullable String reason;

  RuleReport(Worker worker, FirewallLog.@Nullable Sink log) {
    this.worker = worker;
    this.log = log;
    client = ClientAddress.v4(0);
  }

  /** The last refusals; for the loop. */
  public RecentRefusals recent() {
    return recent;
  }

  /** A request was judged. */
  void request(
      Snapshot snapshot, Exchange judged, RequestView facts, RuleHits hits, Verdict verdict) {
    Refusal refusal = verdict instanceof Refusal made ? made : null;
    if (refusal == null && !isNoteworthy(hits)) {
      return;
    }
    exchange = judged;
    view = facts;
    tell(snapshot, judged.listener(), judged.client(), hits, refusal);
    exchange = null;
    view = null;
    requestId = null;
  }

  /** A connection was judged; a verdict that is null leaves the rest to its requests. */
  public void connection(
      Snapshot snapshot,
      Listener at,
      ClientAddress from,
      RuleHits hits,
      @Nullable Verdict verdict) {
    Refusal refusal = verdict instanceof Refusal made ? made : null;
    if (refusal != null || isNoteworthy(hits)) {
      tell(snapshot, at, from, hits, refusal);
    }
  }

  /** A connection was judged by its ClientHello. */
  public void connection(
      Snapshot snapshot, Listener at, TlsHello sent, RuleHits hits, Verdict verdict) {
    hello = sent;
    connection(snapshot, at, sent.client(), hits, verdict);
    hello = null;
  }

  /** A rule that limits how fast clients are sent something began to hold one back. */
  void heldBack(Snapshot snapshot, Exchange slowed, int index) {
    if (log == null) {
      return;
    }
    RuleInfo slowing = snapshot.firewall().rules().get(index);
    rule = slowing.name();
    action = slowing.action();
    mode = slowing.mode();
    field = null; // it matched before; what it counts is what changed
    excerpt = null;
    write(log, snapshot, slowed);
  }

  /** Strict paths would refuse a request, or send another path on. */
  void path(Snapshot snapshot, Exchange judged, RequestTarget target, String wouldBe) {
    if (log == null) {
      return;
    }
    rule = PathTrial.RULE;
    action = wouldBe;
    mode = RuleMode.REPORT;
    field = "path";
    String path = target.original();
    excerpt = path.substring(0, Math.min(path.length(), Evidence.MOST));
    write(log, snapshot, judged);
  }

  /** Something is told of a request that no verdict is about. */
  private void write(FirewallLog.Sink to, Snapshot snapshot, Exchange of) {
    exchange = of;
    client = of.client();
    listener = of.listener().name();
    generation = snapshot.generation();
    reason = null;
    to.write(this);
    exchange = null;
    requestId = null;
  }

  private boolean isNoteworthy(RuleHits hits) {
    return log != null && hits.matchedCount() > 0;
  }

  private void tell(
      Snapshot snapshot,
      Listener at,
      ClientAddress from,
      RuleHits hits,
      @Nullable Refusal refusal) {
    Firewall firewall = snapshot.firewall();
    client = from;
    listener = at.name();
    generation = snapshot.generation();
    RuleInfo decided = refusal == null ? null : refusal.rule();
    for (int i = 0; i < hits.matchedCount(); i++) {
      RuleInfo matched = firewall.rules().get(hits.matched(i));
      boolean decides = decided != null && decided.index() == matched.index();
      if (decides || (log != null && !matched.allows())) {
        show(firewall, matched, at, hits);
        note(decides ? refusal : null, hits);
      }
    }
    if (refusal != null && decided == null) {
      show(firewall, refusal);
      note(refusal, hits);
    }
  }

  private void show(Firewall firewall, RuleInfo matched, Listener at, RuleHits hits) {
    RequestView of = view;
    TlsHello by = hello;
    if (of != null) {
      firewall.evidence(matched.index(), of, hits, evidence);
    } else if (by != null) {
      firewall.evidence(matched.index(), by, hits, evidence);
    } else {
      firewall.evidence(matched.index(), client, at.index(), epochMillis(), hits, evidence);
    }
    rule = matched.name();
    action = matched.action();
    mode = matched.mode();
    field = evidence.field();
    excerpt = evidence.excerpt();
    reason = null;
  }

  /** No rule refused it now: the client is banned, or the default is to deny. */
  private void show(Firewall firewall, Refusal refusal) {
    boolean banned = refusal.decision() == Decision.BAN;
    Ban ban = banned ? firewall.bans().find(client, epochMillis()) : null;
    rule = null;
    action = refusal.decision().label();
    mode = RuleMode.ENFORCE;
    field = banned ? "ip" : null;
    excerpt = banned ? client.toString() : null;
    reason = ban == null ? null : ban.reason();
  }

  private void note(@Nullable Refusal refusal, RuleHits hits) {
    if (log != null) {
      log.write(this);
    }
    if (refusal != null) {
      recent.add(this, refusal, hits.retryAfterSeconds(), view);
    }
  }

  /** The request that is told of; null for a connection. */
  @Nullable Exchange exchange() {
    return exchange;
  }

  /** Of the configuration that judged. */
  long generation() {
    return generation;
  }

  @Override
  public long epochMillis() {
    return worker.clock().epochMillis();
  }

  @Override
  public ClientAddress client() {
    return client;
  }

  @Override
  public @Nullable String rule() {
    return rule;
  }

  @Override
  public String action() {
    return action;
  }

  @Override
  public RuleMode mode() {
    return mode;
  }

  @Override
  public @Nullable String field() {
    return field;
  }

  @Override
  public @Nullable CharSequence excerpt() {
    return excerpt;
  }

  @Override
  public @Nullable String reason() {
    return reason;
  }

  @Override
  public String listener() {
    return listener;
  }

  @Override
  public @Nullable String method() {
    return exchange == null ? null : exchange.head().method();
  }

  @Override
  public @Nullable String host() {
    return exchange == null ? null : exchange.head().host();
  }

  @Override
  public @Nullable String target() {
    return exchange == null ? null : exchange.head().target();
  }

  @Override
  public @Nullable String ja4() {
    if (hello != null) {
      return hello.ja4();
    }
    return exchange == null ? null : exchange.connection().ja4();
  }

  @Override
  public @Nullable String requestId() {
    Exchange of = exchange;
    if (requestId == null && of != null) {
      requestId = new String(of.ids().requestId(of.head().fields()), US_ASCII);
    }
    return requestId;
  }
}
