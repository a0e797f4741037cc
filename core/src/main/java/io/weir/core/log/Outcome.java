package io.weir.core.log;

import io.weir.core.http.Failure;
import io.weir.firewall.Decision;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The closed words for how an exchange ended: that all is well, or what the rules decided, or
 * {@link Failure#label}.
 */
public final class Outcome {
  /** It was answered, by whomever and with whatever status. */
  public static final String OK = "ok";

  private static final Set<String> REFUSALS =
      Arrays.stream(Decision.values())
          .map(Outcome::of)
          .filter(word -> !word.equals(OK))
          .collect(Collectors.toUnmodifiableSet());

  private Outcome() {}

  /** Of an exchange that the rules ended, or let go on. */
  public static String of(Decision decision) {
    return switch (decision) {
      case ALLOW -> OK;
      case DENY -> "denied";
      case LIMIT -> "rate_limited";
      case CONCURRENCY -> "too_many_at_once";
      case BAN -> "banned";
      case DROP -> "dropped";
      case TARPIT -> "tarpitted";
      case REDIRECT -> "redirected";
    };
  }

  /** The words for what rules do against a request. */
  public static Set<String> refusals() {
    return REFUSALS;
  }
}
