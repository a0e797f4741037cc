package io.weir.core.exchange;

import io.weir.core.http.RequestHead;
import io.weir.core.meter.PathTrialMeter;
import io.weir.core.snapshot.Snapshot;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.RequestTarget;
import io.weir.metrics.WorkerCounters;

/** Tells what strict paths would do to requests, where somebody wants to try them first. */
final class PathTrial {
  /** What the log names as the rule. */
  static final String RULE = "normalize_path";

  private PathTrial() {}

  /** Reads the target of a request that was routed as if paths were strict. */
  static void tryStrict(
      Snapshot snapshot, Exchange exchange, RequestTarget target, RuleReport report) {
    PathTrialMeter meter = snapshot.pathTrial();
    if (meter == null) {
      return;
    }
    RequestHead head = exchange.head();
    WorkerCounters counters = exchange.worker().counters();
    if (!(RequestTarget.read(head.method(), head.target(), PathMode.STRICT)
            instanceof RequestTarget strict)
        || !Targets.isTaken(strict, exchange.route(), PathMode.STRICT)) {
      meter.refused(counters);
      report.path(snapshot, exchange, target, "deny");
      return;
    }
    if (!strict.forwarded().equals(target.forwarded())) {
      meter.changed(counters);
      report.path(snapshot, exchange, target, "rewrite");
    }
  }
}
