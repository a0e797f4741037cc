package io.weir.core.exchange;

import io.weir.core.meter.RuleMeter;
import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;
import io.weir.firewall.FollowUp;
import io.weir.firewall.Pacing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Holds an exchange back while rules let its client be sent no more: before it goes to a backend,
 * since small answers come in one piece, and between the pieces of what it is sent. Nothing is kept
 * meanwhile: the backend is not read from. For one exchange, on its loop.
 */
final class ResponsePace extends Deadline {
  /** What goes on when it may. */
  interface Held {
    void resume();
  }

  private final Exchange exchange;
  private final Pacing rules;
  private final Worker worker;
  private final List<RuleMeter> meters; // of all rules
  private @Nullable Held held;
  private int holder; // the rule that holds it

  private ResponsePace(Exchange exchange, Pacing rules) {
    this.exchange = exchange;
    this.rules = rules;
    worker = exchange.worker();
    meters = exchange.snapshot().ruleMeters();
  }

  /** Null if no rule minds. */
  static @Nullable ResponsePace of(Exchange exchange, @Nullable FollowUp rules) {
    Pacing pacing = rules == null ? null : rules.pacing();
    return pacing == null ? null : new ResponsePace(exchange, pacing);
  }

  /** Nothing was sent yet; whether even the first piece is to wait, until {@code next} resumes. */
  boolean holdsBack(Held next) {
    boolean holds = holdsAfter(0, next);
    tell();
    return holds;
  }

  /** A piece was sent; whether the next is to wait, until {@code next} resumes. */
  boolean holdsAfter(int bytes, Held next) {
    long now = worker.clock().nanos();
    long wait = count(bytes, now);
    if (wait > 0) {
      if (held == null) {
        holder = rules.longest();
        meters.get(holder).held(worker.counters(), 1);
      }
      held = next;
      worker.timers().set(this, now + wait);
    }
    return held != null;
  }

  /** So much was sent, and nothing follows. */
  void sent(int bytes) {
    var _ = count(bytes, worker.clock().nanos());
  }

  private long count(int bytes, long now) {
    for (int i = 0; i < rules.count(); i++) {
      meters.get(rules.rule(i)).sent(worker.counters(), bytes);
    }
    return rules.onSent(bytes, now);
  }

  /** More is to come: the rules that hold it back, and had not held anything yet, now match. */
  void tell() {
    for (int rule = rules.nextHeld(); rule >= 0; rule = rules.nextHeld()) {
      exchange.heldBackBy(rule);
    }
  }

  boolean isHolding() {
    return held != null;
  }

  @Override
  protected void onDeadline(long now) {
    Held next = held;
    letGo();
    if (next != null) {
      next.resume();
    }
  }

  /** The exchange is over. */
  void end() {
    worker.timers().remove(this);
    letGo();
  }

  private void letGo() {
    if (held != null) {
      held = null;
      meters.get(holder).held(worker.counters(), -1);
    }
  }
}
