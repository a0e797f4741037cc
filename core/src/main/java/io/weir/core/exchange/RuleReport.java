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
import io.weir.firewall.RuleMode;
import io.weir.firewall.Verdict;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.ban.Ban;
import org.jspecify.annotations.Nullable;

/**
 * Tells the log what the rules did against a request or a connection. Shows one of these things at
 * a time; for one worker's loop.
 */
public final class RuleReport implements FirewallRecord {
  private final Worker worker;
  private final FirewallLog.@Nullable Sink log;
  private final Evidence evidence = new Evidence();

  private ClientAddress client;
  private String listener = "";
  private @Nullable Exchange exchange;
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

  /** Whether there is something to tell of the last evaluation of {@code hits}. */
  private boolean isWanted(RuleHits hits, @Nullable Verdict verdict) {
    return log != null && (hits.matchedCount() > 0 || verdict instanceof Refusal);
  }

  /** A request was judged. */
  void request(
      Snapshot snapshot, Exchange judged, RequestView view, RuleHits hits, Verdict verdict) {
    if (!isWanted(hits, verdict)) {
      return;
    }
    Firewall firewall = snapshot.firewall();
    exchange = judged;
    client = judged.client();
    listener = judged.listener().name();
    for (int i = 0; i < hits.matchedCount(); i++) {
      RuleInfo matched = firewall.rules().get(hits.matched(i));
      if (!matched.allows()) {
        firewall.evidence(matched.index(), view, hits, evidence);
        tell(matched);
      }
    }
    if (verdict instanceof Refusal refusal && refusal.rule() == null) {
      tellRefusal(refusal, firewall);
    }
    exchange = null;
    requestId = null;
  }

  /** A connection was judged; a verdict that is null leaves the rest to its requests. */
  public void connection(
      Snapshot snapshot,
      Listener at,
      ClientAddress from,
      RuleHits hits,
      @Nullable Verdict verdict) {
    if (!isWanted(hits, verdict)) {
      return;
    }
    Firewall firewall = snapshot.firewall();
    client = from;
    listener = at.name();
    for (int i = 0; i < hits.matchedCount(); i++) {
      RuleInfo matched = firewall.rules().get(hits.matched(i));
      if (!matched.allows()) {
        firewall.evidence(matched.index(), from, at.index(), hits, evidence);
        tell(matched);
      }
    }
    if (verdict instanceof Refusal refusal && refusal.rule() == null) {
      tellRefusal(refusal, firewall);
    }
  }

  private void tell(RuleInfo matched) {
    rule = matched.name();
    action = matched.action();
    mode = matched.mode();
    field = evidence.field();
    excerpt = evidence.excerpt();
    reason = null;
    write();
  }

  /** No rule refused it now: the client is banned, or the default is to deny. */
  private void tellRefusal(Refusal refusal, Firewall firewall) {
    boolean banned = refusal.decision() == Decision.BAN;
    Ban ban = banned ? firewall.bans().find(client, epochMillis()) : null;
    rule = null;
    action = refusal.decision().label();
    mode = RuleMode.ENFORCE;
    field = banned ? "ip" : null;
    excerpt = banned ? client.toString() : null;
    reason = ban == null ? null : ban.reason();
    write();
  }

  private void write() {
    if (log != null) {
      log.write(this);
    }
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
  public @Nullable String requestId() {
    Exchange of = exchange;
    if (requestId == null && of != null) {
      requestId = new String(of.ids().requestId(of.head().fields()), US_ASCII);
    }
    return requestId;
  }
}
