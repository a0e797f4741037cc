package io.weir.firewall;

import io.weir.firewall.config.LimitConfig;

/**
 * How a limit is told to clients: the items of {@code RateLimit-Policy} and {@code RateLimit} of
 * draft-ietf-httpapi-ratelimit-headers-11, structured fields (RFC 9651).
 *
 * <p>A quota is what may come at once, and its window the time in which as much comes back: of
 * 100/s with a burst of 200, two hundred in two seconds.
 */
final class QuotaText {
  private static final long SECOND = 1_000_000_000L;

  private final String name; // with its quotes
  private final String policy;

  QuotaText(String rule, LimitConfig limit) {
    name = quoted(rule);
    long nanos = Math.ceilDiv(limit.rate().per().toNanos(), limit.rate().count());
    long window = Math.max(1, Math.ceilDiv(saturated(nanos, limit.burst()), SECOND));
    policy = name + ";q=" + limit.burst() + ";w=" + window;
  }

  private static long saturated(long a, long b) {
    return a > Long.MAX_VALUE / 2 / b ? Long.MAX_VALUE / 2 : a * b;
  }

  /** A string of structured fields, which has printable ASCII only. */
  private static String quoted(String rule) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < rule.length(); i++) {
      char c = rule.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\');
      }
      text.append(c >= ' ' && c < 127 ? c : '?');
    }
    return text.append('"').toString();
  }

  String policy() {
    return policy;
  }

  /**
   * Appends where a key stands.
   *
   * @param remaining how many may come at once
   * @param moreNanos in how long one more may come: until then these are all, and who was refused
   *     hears the same in {@code Retry-After}
   */
  void appendState(long remaining, long moreNanos, StringBuilder to) {
    to.append(name)
        .append(";r=")
        .append(remaining)
        .append(";t=")
        .append(Math.ceilDiv(moreNanos, SECOND));
  }
}
