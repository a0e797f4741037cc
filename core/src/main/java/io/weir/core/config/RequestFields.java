package io.weir.core.config;

import io.weir.firewall.MatchConfig;
import io.weir.firewall.MatchConfig.All;
import io.weir.firewall.MatchConfig.Any;
import io.weir.firewall.MatchConfig.Ip;
import io.weir.firewall.MatchConfig.Listener;
import io.weir.firewall.MatchConfig.Not;

/** Which rules look at requests, so that they do not apply where bytes are relayed. */
final class RequestFields {
  private RequestFields() {}

  /** Whether a condition anywhere in it needs a request. */
  static boolean in(MatchConfig match) {
    return switch (match) {
      case All all -> all.matches().stream().anyMatch(RequestFields::in);
      case Any any -> any.matches().stream().anyMatch(RequestFields::in);
      case Not not -> in(not.match());
      case Ip ip -> false;
      case Listener listener -> false;
      default -> true;
    };
  }

  /** Whether it asks for other listeners, so that it was never meant for this one. */
  static boolean isOnlyElsewhere(MatchConfig match, String listener) {
    return switch (match) {
      case All all -> all.matches().stream().anyMatch(part -> isOnlyElsewhere(part, listener));
      case Listener listeners -> !listeners.names().contains(listener);
      default -> false;
    };
  }
}
