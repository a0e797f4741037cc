package io.weir.firewall;

import io.weir.firewall.limit.Concurrency;
import io.weir.firewall.limit.KeyHasher;
import java.util.List;

/** The counting of a concurrency rule: its key, and how many of each are under way. */
final class ConcurrencyRule {
  private final CompiledKey key;
  private final RuleMode mode;
  private final Concurrency underWay;

  ConcurrencyRule(CompiledKey key, RuleMode mode, Concurrency underWay) {
    this.key = key;
    this.mode = mode;
    this.underWay = underWay;
  }

  /** The key of what is evaluated. */
  long key(Evaluation evaluation) {
    KeyHasher hasher = evaluation.hasher();
    underWay.begin(hasher);
    return key.fingerprint(evaluation, hasher);
  }

  Concurrency underWay() {
    return underWay;
  }

  /** Whether another rule of the same name counts the same. */
  boolean countsLike(List<KeyPart> otherKey, RuleMode otherMode) {
    return key.says(otherKey) && mode == otherMode;
  }
}
