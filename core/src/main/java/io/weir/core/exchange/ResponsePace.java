package io.weir.core.exchange;

import io.weir.core.worker.Deadline;
import io.weir.core.worker.Worker;
import io.weir.firewall.FollowUp;
import org.jspecify.annotations.Nullable;

/**
 * Holds an exchange back while rules let its client be sent no more: before it goes to a backend,
 * since small answers come in one piece, and between the pieces of its answer. Nothing is kept
 * meanwhile: the backend is not read from. For one exchange, on its loop.
 */
final class ResponsePace extends Deadline {
  private final Forwarding forwarding;
  private final FollowUp rules;
  private final Worker worker;
  private boolean holding;

  private ResponsePace(Forwarding forwarding, FollowUp rules, Worker worker) {
    this.forwarding = forwarding;
    this.rules = rules;
    this.worker = worker;
  }

  /** Null if no rule minds. */
  static @Nullable ResponsePace of(Forwarding forwarding, @Nullable FollowUp rules, Worker worker) {
    return rules == null || !rules.paces() ? null : new ResponsePace(forwarding, rules, worker);
  }

  static void end(@Nullable ResponsePace pace, Worker worker) {
    if (pace != null) {
      worker.timers().remove(pace);
    }
  }

  /** A piece was sent, or none yet; whether the next is to wait. */
  boolean holdsAfter(int bytes) {
    long now = worker.clock().nanos();
    long wait = rules.onSent(bytes, now);
    if (wait > 0) {
      holding = true;
      worker.timers().set(this, now + wait);
    }
    return holding;
  }

  boolean isHolding() {
    return holding;
  }

  @Override
  protected void onDeadline(long now) {
    holding = false;
    forwarding.resume();
  }
}
