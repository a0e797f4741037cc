package io.weir.firewall;

import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.StatusRange;
import java.util.ArrayList;
import java.util.List;

/**
 * A match, divided into what is asked of the request and of its answer.
 *
 * @param statuses of the answer; empty if nothing is asked
 */
record StatusSplit(MatchConfig rest, List<StatusRange> statuses) {
  static StatusSplit of(MatchConfig match) {
    return switch (match) {
      case MatchConfig.ResponseStatus(var ranges) -> new StatusSplit(MatchConfig.ALWAYS, ranges);
      case MatchConfig.All(var parts) -> ofAll(parts);
      default -> new StatusSplit(match, List.of());
    };
  }

  private static StatusSplit ofAll(List<MatchConfig> parts) {
    List<MatchConfig> rest = new ArrayList<>();
    List<StatusRange> statuses = new ArrayList<>();
    for (MatchConfig part : parts) {
      if (part instanceof MatchConfig.ResponseStatus(var ranges)) {
        statuses.addAll(ranges);
      } else {
        rest.add(part);
      }
    }
    MatchConfig all = rest.size() == 1 ? rest.getFirst() : new MatchConfig.All(rest);
    return new StatusSplit(all, List.copyOf(statuses));
  }
}
