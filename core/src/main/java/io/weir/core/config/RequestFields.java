package io.weir.core.config;

import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.MatchConfig.All;
import io.weir.firewall.config.MatchConfig.Any;
import io.weir.firewall.config.MatchConfig.Ip;
import io.weir.firewall.config.MatchConfig.Ja4;
import io.weir.firewall.config.MatchConfig.Listener;
import io.weir.firewall.config.MatchConfig.Not;
import io.weir.firewall.config.MatchConfig.ServerName;
import io.weir.firewall.config.MatchConfig.Time;
import io.weir.firewall.config.RuleConfig;
import java.util.List;

/** Which rules look at requests, so that they do not apply where bytes are relayed. */
final class RequestFields {
  private RequestFields() {}

  /**
   * Whether a rule needs what is not known where bytes are relayed, anywhere in its match or in
   * what it counts.
   *
   * @param hello whether the ClientHello is read there
   */
  static boolean in(RuleConfig rule, boolean hello) {
    return in(rule.match(), hello)
        || switch (rule.action()) {
          case ActionConfig.Limit(var limit) -> in(limit.key(), hello);
          case ActionConfig.Concurrency(var key, int atMost) -> in(key, hello);
          case ActionConfig.Bandwidth ignored -> true;
          default -> false;
        };
  }

  private static boolean in(List<KeyPart> key, boolean hello) {
    return key.stream().anyMatch(part -> in(part, hello));
  }

  private static boolean in(KeyPart part, boolean hello) {
    return switch (part) {
      case KeyPart.Ip ignored -> false;
      case KeyPart.Ja4 ignored -> !hello;
      default -> true;
    };
  }

  private static boolean in(MatchConfig match, boolean hello) {
    return switch (match) {
      case All all -> all.matches().stream().anyMatch(part -> in(part, hello));
      case Any any -> any.matches().stream().anyMatch(part -> in(part, hello));
      case Not not -> in(not.match(), hello);
      case Ip ip -> false;
      case Listener listener -> false;
      case Time time -> false;
      case ServerName name -> !hello;
      case Ja4 ja4 -> !hello;
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
