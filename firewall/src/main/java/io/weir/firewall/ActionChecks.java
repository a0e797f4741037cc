package io.weir.firewall;

import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.problem.Problems;
import java.util.List;

/** What an action needs of the rest of its rule. */
final class ActionChecks {
  private ActionChecks() {}

  /**
   * Adds what is wrong.
   *
   * @param countsResponses whether the match asks for the status of answers
   */
  static void check(ActionConfig action, boolean countsResponses, String path, Problems problems) {
    switch (action) {
      case ActionConfig.Limit(var limit) ->
          checkLimit(limit, countsResponses, path + ".action.limit", problems);
      case ActionConfig.Concurrency concurrency -> {
        checkKey(concurrency.key(), path + ".action.concurrency", problems);
        checkNoStatus(countsResponses, path, problems);
      }
      case ActionConfig.Bandwidth bandwidth -> {
        checkKey(bandwidth.key(), path + ".action.bandwidth", problems);
        checkNoStatus(countsResponses, path, problems);
      }
      default -> checkNoStatus(countsResponses, path, problems);
    }
  }

  private static void checkLimit(
      LimitConfig limit, boolean countsResponses, String path, Problems problems) {
    checkKey(limit.key(), path, problems);
    boolean byIp = limit.key().contains(new KeyPart.Ip());
    if (limit.then() != null && !byIp && !limit.key().isEmpty()) {
      problems.add(
          path + ".then",
          "then: a ban of whom? (expected: a key with ip, since addresses are banned)",
          "count by [ip, ...]");
    }
    if (limit.per() == LimitConfig.Per.CONNECTION) {
      if (limit.key().stream().anyMatch(part -> !(part instanceof KeyPart.Ip))) {
        problems.add(path + ".key", "key: of connections only the address is known (expected: ip)");
      }
      if (countsResponses) {
        problems.add(
            path + ".per", "per: connection: answers are counted by request (expected: request)");
      }
    }
  }

  private static void checkKey(List<KeyPart> key, String path, Problems problems) {
    if (key.isEmpty()) {
      problems.add(path + ".key", "key: [] (expected: what to count by, like ip or [ip, host])");
    }
  }

  private static void checkNoStatus(boolean countsResponses, String path, Problems problems) {
    if (countsResponses) {
      problems.add(
          path + ".match.response_status",
          "response_status: known only after the rules have decided (expected: in a rule that"
              + " limits)",
          "count answers by a limit, with then: { ban: ... } to act on them");
    }
  }
}
