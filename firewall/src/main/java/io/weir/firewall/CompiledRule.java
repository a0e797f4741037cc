package io.weir.firewall;

import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule, ready to be asked. */
final class CompiledRule {
  private final RuleInfo info;
  private final ActionConfig action;
  private final Matcher matcher;
  private final boolean needsRequest;
  private final boolean readsPath;
  private final boolean readsJa4;
  private final boolean needsMoreThanHello;
  private final boolean needsHello;
  private final @Nullable Verdict verdict;
  private final @Nullable LimitRule limit;
  private final @Nullable ConcurrencyRule concurrency;
  private final @Nullable BandwidthRule bandwidth;

  /**
   * A rule.
   *
   * @param verdict what it decides when it acts; null if it never ends the list
   * @param limit the counting of a limit
   * @param concurrency the counting of a concurrency rule
   * @param bandwidth the counting of a bandwidth rule
   */
  CompiledRule(
      RuleInfo info,
      ActionConfig action,
      Matcher matcher,
      @Nullable Verdict verdict,
      @Nullable LimitRule limit,
      @Nullable ConcurrencyRule concurrency,
      @Nullable BandwidthRule bandwidth) {
    this.info = info;
    this.action = action;
    this.matcher = matcher;
    this.verdict = verdict;
    this.limit = limit;
    this.concurrency = concurrency;
    this.bandwidth = bandwidth;
    needsRequest = Matchers.anyCondition(matcher, Condition::needsRequest);
    readsPath = Matchers.anyCondition(matcher, Condition::readsPath);
    readsJa4 =
        Matchers.anyCondition(matcher, Condition::readsJa4)
            || key(action).contains(new KeyPart.Ja4());
    needsMoreThanHello =
        Matchers.anyCondition(matcher, asked -> asked.needsRequest() && !asked.readsHello())
            || bandwidth != null
            || (concurrency != null && concurrency.needsMoreThanHello())
            || (limit != null && limit.needsMoreThanHello());
    needsHello = readsJa4 || Matchers.anyCondition(matcher, Condition::readsHello);
  }

  private static List<KeyPart> key(ActionConfig action) {
    return switch (action) {
      case ActionConfig.Limit(LimitConfig limit) -> limit.key();
      case ActionConfig.Concurrency concurrency -> concurrency.key();
      case ActionConfig.Bandwidth bandwidth -> bandwidth.key();
      default -> List.of();
    };
  }

  /** What it counts by; empty if it counts nothing. */
  List<KeyPart> key() {
    return key(action);
  }

  RuleInfo info() {
    return info;
  }

  int index() {
    return info.index();
  }

  ActionConfig action() {
    return action;
  }

  Matcher matcher() {
    return matcher;
  }

  boolean enforces() {
    return info.mode() == RuleMode.ENFORCE;
  }

  /** Whether its match names a field of a request. */
  boolean needsRequest() {
    return needsRequest;
  }

  boolean readsPath() {
    return readsPath;
  }

  /** Whether its match or its key asks for the fingerprint of the client's TLS. */
  boolean readsJa4() {
    return readsJa4;
  }

  /** Whether its match or what it counts asks for what no ClientHello tells. */
  boolean needsMoreThanHello() {
    return needsMoreThanHello;
  }

  /** Whether its match or its key asks for what only a ClientHello tells. */
  boolean needsHello() {
    return needsHello;
  }

  /** A rule that allows must match all readings of the path, others any. */
  boolean needsAllReadings() {
    return action instanceof ActionConfig.Allow;
  }

  @Nullable Verdict verdict() {
    return verdict;
  }

  @Nullable LimitRule limit() {
    return limit;
  }

  @Nullable ConcurrencyRule concurrency() {
    return concurrency;
  }

  @Nullable BandwidthRule bandwidth() {
    return bandwidth;
  }

  /** Whether it only counts, so that a match alone does not end the list. */
  boolean counts() {
    return limit != null || concurrency != null || bandwidth != null;
  }

  /** Whether it counts what another rule of its name counts, so that its counts can go on there. */
  boolean countsLike(RuleConfig other) {
    return counts()
        && info.mode() == other.mode()
        && info.action().equals(other.action().label())
        && key().equals(key(other.action()))
        && perConnection() == perConnection(other.action());
  }

  private static boolean perConnection(ActionConfig action) {
    return action instanceof ActionConfig.Limit(LimitConfig limit)
        && limit.per() == LimitConfig.Per.CONNECTION;
  }

  /** Whether it counts connections when they are accepted. */
  boolean perConnection() {
    return limit != null && limit.perConnection();
  }

  /** Whether it sends connections away without an answer as soon as they are accepted. */
  boolean refusesAtAccept() {
    return action instanceof ActionConfig.Drop
        || action instanceof ActionConfig.Ban
        || perConnection();
  }
}
