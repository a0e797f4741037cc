package io.weir.firewall;

import io.weir.firewall.config.RuleMode;
import io.weir.firewall.limit.Bandwidth;
import io.weir.firewall.limit.KeyHasher;

/** The counting of a bandwidth rule: its key, and what was sent for each. */
final class BandwidthRule {
  private final int index;
  private final CompiledKey key;
  private final RuleMode mode;
  private final Bandwidth bandwidth;

  BandwidthRule(int index, CompiledKey key, RuleMode mode, Bandwidth bandwidth) {
    this.index = index;
    this.key = key;
    this.mode = mode;
    this.bandwidth = bandwidth;
  }

  /** Its rule's place in the list. */
  int index() {
    return index;
  }

  boolean enforces() {
    return mode == RuleMode.ENFORCE;
  }

  /** The key of what is evaluated. */
  long key(Evaluation evaluation) {
    KeyHasher hasher = evaluation.hasher();
    bandwidth.begin(hasher);
    return key.fingerprint(evaluation, hasher);
  }

  /** So many bytes were sent: for how long no more should be. */
  long sent(long fingerprint, int bytes, long nanos) {
    return bandwidth.sent(fingerprint, bytes, nanos);
  }

  Bandwidth bandwidth() {
    return bandwidth;
  }
}
