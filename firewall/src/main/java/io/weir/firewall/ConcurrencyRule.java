package io.weir.firewall;

import io.weir.firewall.limit.Concurrency;
import io.weir.firewall.limit.KeyHasher;

/** The counting of a concurrency rule: its key, and how many of each are under way. */
final class ConcurrencyRule {
  private final CompiledKey key;
  private final Concurrency underWay;

  ConcurrencyRule(CompiledKey key, Concurrency underWay) {
    this.key = key;
    this.underWay = underWay;
  }

  /** The key of what is evaluated. */
  long key(Evaluation evaluation) {
    KeyHasher hasher = evaluation.hasher();
    underWay.begin(hasher);
    return key.fingerprint(evaluation, hasher);
  }

  /** Whether the key names a field of a request. */
  boolean needsRequest() {
    return key.needsRequest();
  }

  /** Whether the key names a field that no ClientHello tells. */
  boolean needsMoreThanHello() {
    return key.needsMoreThanHello();
  }

  Concurrency underWay() {
    return underWay;
  }
}
