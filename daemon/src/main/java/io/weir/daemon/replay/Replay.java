package io.weir.daemon.replay;

import io.weir.firewall.Decision;
import io.weir.firewall.Firewall;
import io.weir.firewall.FollowUp;
import io.weir.firewall.Refusal;
import io.weir.firewall.RuleHits;
import io.weir.firewall.RuleInfo;
import io.weir.firewall.Verdict;
import io.weir.firewall.path.RequestTarget;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Judges logged requests by a firewall at the times that the log tells. For one thread. */
final class Replay {
  /*
   * A line is written when its request ends and says when it began, so lines are a little out of
   * order. They are put in order within a window; what comes later still is judged at the time of
   * the one before it, since limits know no way back. Answers and ends are told to the rules at
   * their own times, between the requests.
   */
  private static final int WINDOW = 4096;

  private static final long NANOS_PER_MICRO = 1000;

  /** Where the monotonic clock of the replay begins; limits take 0 for never. */
  private static final long ORIGIN = 1_000_000_000L;

  private static final String BY_BAN = "(banned)";
  private static final String BY_DEFAULT = "(default)";

  private final Firewall firewall;
  private final LoggedTargets targets;
  private final List<String> listeners;
  private final @Nullable String onlyListener;
  private final Set<String> leftOut;
  private final Set<String> asked;
  private final RuleHits hits;
  private final Tally tally;

  private final PriorityQueue<Waiting> window =
      new PriorityQueue<>(
          Comparator.comparingLong((Waiting one) -> one.request.epochMicros())
              .thenComparingLong(Waiting::number));
  private final PriorityQueue<Ending> endings =
      new PriorityQueue<>(Comparator.comparingLong(Ending::micros));
  private long added;
  private long firstMicros = Long.MIN_VALUE;
  private long now = Long.MIN_VALUE; // microseconds since the epoch

  private record Waiting(LoggedRequest request, long number) {}

  private record Ending(long micros, LoggedRequest request, FollowUp followUp) {}

  /**
   * A replay.
   *
   * @param listeners in the order that the firewall was compiled with
   * @param onlyListener where all requests came in; null: where the log says
   * @param rules what the log can judge
   */
  Replay(
      Firewall firewall,
      LoggedTargets targets,
      List<String> listeners,
      @Nullable String onlyListener,
      Judgeable rules,
      Tally tally) {
    this.firewall = firewall;
    this.targets = targets;
    this.listeners = listeners;
    this.onlyListener = onlyListener;
    leftOut = rules.leftOut().keySet();
    asked = rules.asked().stream().map(CutFields::of).collect(Collectors.toSet());
    this.tally = tally;
    hits = firewall.newHits();
    firewall.rules().forEach(rule -> tally.rule(rule.name()));
  }

  /** The next line. */
  void add(LoggedRequest request) {
    window.add(new Waiting(request, added++));
    if (window.size() > WINDOW) {
      judge(window.remove().request);
    }
  }

  /** There are no more. */
  void finish() {
    while (!window.isEmpty()) {
      judge(window.remove().request);
    }
    endUntil(Long.MAX_VALUE);
  }

  private void judge(LoggedRequest request) {
    tally.seen(request);
    tally.late += request.epochMicros() < now ? 1 : 0;
    tally.cut += Collections.disjoint(request.cut(), asked) ? 0 : 1;
    now = Math.max(now, request.epochMicros());
    if (firstMicros == Long.MIN_VALUE) {
      firstMicros = now;
    }
    endUntil(now);
    RequestTarget target = targets.read(request, tally);
    if (target == null) {
      return;
    }
    LoggedFacts facts = new LoggedFacts(request, target, listener(request), now / 1000);
    Verdict verdict = firewall.checkRequest(facts, hits, nanos(now));
    follow(request, verdict);
    compare(request, verdict);
  }

  private int listener(LoggedRequest request) {
    String name = onlyListener == null ? request.listener() : onlyListener;
    return name == null ? -1 : listeners.indexOf(name);
  }

  private long nanos(long micros) {
    return (micros - firstMicros) * NANOS_PER_MICRO + ORIGIN;
  }

  private void follow(LoggedRequest request, Verdict verdict) {
    FollowUp followUp = hits.followUp();
    if (followUp == null) {
      return;
    }
    if (verdict instanceof Refusal) {
      followUp.onEnd();
    } else {
      endings.add(new Ending(now + Math.max(request.durationMicros(), 0), request, followUp));
    }
  }

  /** What has been answered until then. */
  private void endUntil(long micros) {
    while (!endings.isEmpty() && endings.element().micros <= micros) {
      Ending ending = endings.remove();
      if (ending.request.isAnsweredByBackend()) {
        ending.followUp.onResponse(ending.request.status(), nanos(ending.micros));
      }
      ending.followUp.onEnd();
    }
  }

  private void compare(LoggedRequest request, Verdict verdict) {
    boolean then = request.wasRefused();
    Refusal refusal = verdict instanceof Refusal made ? made : null;
    RuleInfo decided = refusal == null ? null : refusal.rule();
    boolean fresh = refusal != null && !then;
    tally.refusedThen += then ? 1 : 0;
    tally.refusedNow += refusal == null ? 0 : 1;
    tally.newlyRefused += fresh ? 1 : 0;
    for (int i = 0; i < hits.matchedCount(); i++) {
      RuleInfo matched = firewall.rules().get(hits.matched(i));
      boolean decides = decided != null && decided.index() == matched.index();
      tally.matched(matched.name(), request, decides && fresh);
    }
    if (refusal != null && decided == null) {
      boolean banned = refusal.decision() == Decision.BAN;
      tally.matched(banned ? BY_BAN : BY_DEFAULT, request, fresh);
    }
    if (refusal == null && then) {
      permits(request);
    }
  }

  /** It was refused then; whether it would not be now can only be said if all rules were asked. */
  private void permits(LoggedRequest request) {
    String rule = request.refusedBy();
    boolean banned = request.fate() != null && request.fate().outcome().equals("banned");
    if ((rule != null && leftOut.contains(rule)) || (rule == null && banned)) {
      tally.unclear++; // an operator's ban, or of a rule that is left out
    } else {
      tally.permits(rule == null ? String.valueOf(request.status()) : rule, request);
    }
  }
}
