package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.limit.KeyHasher;
import io.weir.firewall.limit.Limiter;
import java.util.List;

/** The counting of a limit rule: its key, and its limiter. */
final class LimitRule {
  private static final long ABSENT = -1; // no text has this length

  private final List<KeyPart> key;
  private final RuleMode mode;
  private final Limiter limiter;

  LimitRule(List<KeyPart> key, RuleMode mode, Limiter limiter) {
    this.key = key;
    this.mode = mode;
    this.limiter = limiter;
  }

  /** Takes one; 0, or in how many nanoseconds to come back. */
  long tryTake(Evaluation evaluation, long nanos) {
    KeyHasher hasher = evaluation.hasher();
    limiter.begin(hasher);
    for (int i = 0; i < key.size(); i++) {
      add(key.get(i), evaluation, hasher);
    }
    return limiter.tryTake(hasher.finish(), nanos);
  }

  private static void add(KeyPart part, Evaluation evaluation, KeyHasher hasher) {
    switch (part) {
      case KeyPart.Ip() -> {
        ClientAddress client = evaluation.client();
        hasher.add(client.isV6() ? 6 : 4);
        hasher.add(client.isV6() ? client.network64() : client.low());
      }
      case KeyPart.Host() -> hasher.add(evaluation.request().host());
      case KeyPart.Path() -> hasher.add(evaluation.request().target().reduced());
      case KeyPart.Method() -> hasher.add(evaluation.request().method());
      case KeyPart.Route() -> hasher.add(evaluation.request().route());
      case KeyPart.Header header -> {
        CharSequence value = evaluation.request().header(header.name());
        if (value == null) {
          hasher.add(ABSENT);
        } else {
          hasher.add(value);
        }
      }
    }
  }

  /** Whether the key names a field of a request. */
  boolean needsRequest() {
    return key.stream().anyMatch(part -> !(part instanceof KeyPart.Ip));
  }

  /** Whether another rule of the same name counts the same. */
  boolean countsLike(List<KeyPart> otherKey, RuleMode otherMode) {
    return key.equals(otherKey) && mode == otherMode;
  }

  Limiter limiter() {
    return limiter;
  }
}
