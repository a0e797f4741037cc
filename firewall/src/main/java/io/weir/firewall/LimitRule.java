package io.weir.firewall;

import io.weir.firewall.ban.BanTable;
import io.weir.firewall.config.BanAfter;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.config.StatusRange;
import io.weir.firewall.limit.KeyHasher;
import io.weir.firewall.limit.Limiter;
import io.weir.firewall.limit.Strikes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The counting of a limit rule: its key, its limiter, and what follows on refusals. */
final class LimitRule {
  private final LimitConfig config;
  private final CompiledKey key;
  private final RuleMode mode;
  private final Limiter limiter;
  private final List<StatusRange> responses;
  private final @Nullable Strikes strikes;
  private final @Nullable QuotaText told;

  /**
   * A limit.
   *
   * @param rule its name
   * @param responses the statuses of answers that it counts; empty: it counts requests
   * @param strikes the refusals that lead to a ban; null if none does
   */
  LimitRule(
      String rule,
      LimitConfig config,
      CompiledKey key,
      RuleMode mode,
      Limiter limiter,
      List<StatusRange> responses,
      @Nullable Strikes strikes) {
    this.config = config;
    this.key = key;
    this.mode = mode;
    this.limiter = limiter;
    this.responses = responses;
    this.strikes = strikes;
    told = config.headers() ? new QuotaText(rule, config) : null;
  }

  /** How clients are told of it; null if they are not. */
  @Nullable QuotaText told() {
    return told;
  }

  /** The key of what is evaluated. */
  long key(Evaluation evaluation) {
    KeyHasher hasher = evaluation.hasher();
    limiter.begin(hasher);
    return key.fingerprint(evaluation, hasher);
  }

  /** Takes one, or looks whether one could be taken; 0, or in how many nanoseconds to come back. */
  long ask(long fingerprint, long nanos) {
    return countsResponses()
        ? limiter.look(fingerprint, nanos)
        : limiter.tryTake(fingerprint, nanos);
  }

  /** Whether it counts what backends answer. */
  boolean countsResponses() {
    return !responses.isEmpty();
  }

  /** The statuses of answers that it counts; empty: it counts requests. */
  List<StatusRange> responses() {
    return responses;
  }

  /**
   * An answer to a request of that key begins. It counts beyond the burst, too: of requests that
   * were under way together each was let pass, and their answers are to be made up for.
   */
  void answered(long fingerprint, int status, long nanos) {
    for (int i = 0; i < responses.size(); i++) {
      if (responses.get(i).holds(status)) {
        limiter.take(fingerprint, nanos);
        return;
      }
    }
  }

  /**
   * It refused the key: counts that, and bans the client if it was once too often. Who is refused
   * because too many others owe something has not done anything yet.
   */
  void refused(long fingerprint, Evaluation evaluation, String rule, BanTable bans, long nanos) {
    Strikes counted = strikes;
    BanAfter then = config.then();
    if (mode == RuleMode.ENFORCE
        && counted != null
        && then != null
        && limiter.isKnown(fingerprint)
        && counted.isEnough(fingerprint, nanos)) {
      Bans.ban(evaluation, then.time(), rule, bans);
    }
  }

  /** Whether too many refusals ban. */
  boolean bans() {
    return config.then() != null;
  }

  boolean perConnection() {
    return config.per() == LimitConfig.Per.CONNECTION;
  }

  /** Whether the key names a field of a request. */
  boolean needsRequest() {
    return key.needsRequest() || countsResponses();
  }

  /** Whether it counts what is known only after a ClientHello. */
  boolean needsMoreThanHello() {
    return key.needsMoreThanHello() || countsResponses();
  }

  LimitConfig config() {
    return config;
  }

  Limiter limiter() {
    return limiter;
  }

  @Nullable Strikes strikes() {
    return strikes;
  }
}
