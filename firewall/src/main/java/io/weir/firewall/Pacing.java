package io.weir.firewall;

import java.util.Arrays;

/**
 * The rules that limit how fast a request's client is sent something: told of what is sent, they
 * say for how long no more is to be. For one worker.
 */
public final class Pacing {
  private final BandwidthRule[] rules;
  private final long[] keys;
  private final boolean[] over; // by what was sent last, or would be if its mode were not report
  private final boolean[] counted;
  private int longest;

  /**
   * Of one request.
   *
   * @param counted which of them were over when it came, and matched
   */
  Pacing(BandwidthRule[] rules, long[] keys, boolean[] counted) {
    this.rules = rules;
    this.keys = keys;
    this.counted = counted;
    over = Arrays.copyOf(counted, counted.length);
  }

  /** How many rules they are. */
  public int count() {
    return rules.length;
  }

  /** The index of the i-th. */
  public int rule(int i) {
    return rules[i].index();
  }

  /** So much was sent, or nothing yet; for how many nanoseconds the next piece is to wait. */
  public long onSent(int bytes, long nanos) {
    long wait = 0;
    for (int i = 0; i < rules.length; i++) {
      long own = rules[i].sent(keys[i], bytes, nanos);
      over[i] = own > 0;
      if (own > wait && rules[i].enforces()) {
        wait = own;
        longest = i;
      }
    }
    return wait;
  }

  /** The index of the rule that asked for the last wait. */
  public int longest() {
    return rules[longest].index();
  }

  /**
   * The index of a rule that now holds back, or would if its mode were not report, and did not
   * before; each once. -1: none.
   */
  public int nextHeld() {
    for (int i = 0; i < rules.length; i++) {
      if (over[i] && !counted[i]) {
        counted[i] = true;
        return rules[i].index();
      }
    }
    return -1;
  }
}
