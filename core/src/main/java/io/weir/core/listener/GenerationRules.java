package io.weir.core.listener;

import io.weir.core.snapshot.Snapshot;
import io.weir.firewall.RuleHits;

/**
 * The rules of one generation, and a worker's memory for asking them; whoever still asks the rules
 * of an older generation holds on to these.
 */
record GenerationRules(Snapshot snapshot, RuleHits hits) {
  static GenerationRules of(Snapshot snapshot) {
    return new GenerationRules(snapshot, snapshot.firewall().newHits());
  }
}
