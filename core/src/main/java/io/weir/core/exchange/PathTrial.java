package io.weir.core.exchange;

import io.weir.core.http.RequestHead;
import io.weir.core.meter.PathTrialMeter;
import io.weir.core.snapshot.Snapshot;
import io.weir.core.worker.Worker;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.RequestTarget;
import org.jspecify.annotations.Nullable;

/** Tells what strict paths would do to requests, where somebody wants to try them first. */
final class PathTrial {
  /** What the log names as the rule. */
  static final String RULE = "normalize_path";

  private PathTrial() {}

  /** Reads a target that was read already as if paths were strict. */
  static void tryStrict(
      Snapshot snapshot,
      Exchange exchange,
      RequestTarget target,
      @Nullable PathTrialMeter meter,
      Worker worker,
      RuleReport report) {
    if (meter == null) {
      return;
    }
    RequestHead head = exchange.head();
    if (!(RequestTarget.read(head.method(), head.target(), PathMode.STRICT)
        instanceof RequestTarget strict)) {
      meter.refused(worker.counters());
      report.path(snapshot, exchange, target, "deny");
      return;
    }
    if (!strict.forwarded().equals(target.forwarded())) {
      meter.changed(worker.counters());
      report.path(snapshot, exchange, target, "rewrite");
    }
  }
}
