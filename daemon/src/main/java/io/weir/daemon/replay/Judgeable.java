package io.weir.daemon.replay;

import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.MatchWords;
import io.weir.firewall.config.NamedLists;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.list.ListSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rules that a log can judge, and those that it cannot.
 *
 * @param firewall with the first only
 * @param leftOut the others, by name, each with what is missing
 * @param asked the fields that the first ask for
 */
record Judgeable(FirewallConfig firewall, Map<String, String> leftOut, Set<String> asked) {
  private static final String LISTENER = "listener";

  /**
   * Asks a log.
   *
   * @param lacking fields that such a log may hold, and this one does not
   * @param oneListener whether requests can only have come in at one place
   */
  static Judgeable of(
      FirewallConfig config, LogParser log, Set<String> lacking, boolean oneListener) {
    List<RuleConfig> judged = new ArrayList<>();
    Map<String, String> leftOut = new LinkedHashMap<>();
    Gaps gaps = new Gaps(log, lacking, awaited(config), oneListener);
    Set<String> asked = new TreeSet<>();
    for (RuleConfig rule : config.rules()) {
      Set<String> fields = fields(rule);
      String missing = gaps.missing(rule, fields);
      if (missing.isEmpty()) {
        judged.add(rule);
        asked.addAll(fields);
      } else {
        leftOut.put(rule.name(), missing);
      }
    }
    return new Judgeable(
        new FirewallConfig(config.defaultAction(), config.pathMode(), judged, config.lists()),
        leftOut,
        asked);
  }

  /** The lists that are still to come from elsewhere. */
  private static Set<String> awaited(FirewallConfig config) {
    Set<String> names = new TreeSet<>();
    config
        .lists()
        .forEach((name, list) -> {
          if (list.source() instanceof ListSource.Awaited) {
            names.add(name);
          }
        });
    return names;
  }

  /** What is missing to judge rules. */
  private record Gaps(
      LogParser log, Set<String> lacking, Set<String> awaited, boolean oneListener) {
    /** What a log lacks to judge a rule, in words; empty if nothing. */
    String missing(RuleConfig rule, Set<String> asked) {
      if (rule.action() instanceof ActionConfig.Limit(LimitConfig limit)
          && limit.per() == LimitConfig.Per.CONNECTION) {
        return "counts connections, which are in no access log";
      }
      if (rule.action() instanceof ActionConfig.Bandwidth) {
        return "slows answers down, and refuses nothing";
      }
      if (rule.action() instanceof ActionConfig.Concurrency && !log.hasDurations()) {
        return "the log does not tell how long requests took";
      }
      Set<String> lists = NamedLists.in(rule.match());
      lists.retainAll(awaited); // they hold nothing here, and will when the rule serves
      if (!lists.isEmpty()) {
        return "nothing has come yet of list " + String.join(", ", lists);
      }
      Set<String> fields = new TreeSet<>(asked);
      fields.removeIf(this::isThere);
      return fields.isEmpty() ? "" : "the log does not hold " + String.join(", ", fields);
    }

    private boolean isThere(String field) {
      return (log.holds(field) && !lacking.contains(field))
          || (oneListener && field.equals(LISTENER));
    }
  }

  /** The fields that a rule asks for, and counts by. */
  private static Set<String> fields(RuleConfig rule) {
    Set<String> fields = new TreeSet<>();
    addFields(rule.match(), fields);
    if (rule.action() instanceof ActionConfig.Limit(LimitConfig limit)) {
      limit.key().forEach(part -> fields.add(field(part)));
    }
    if (rule.action() instanceof ActionConfig.Concurrency concurrency) {
      concurrency.key().forEach(part -> fields.add(field(part)));
    }
    return fields;
  }

  private static void addFields(MatchConfig match, Set<String> fields) {
    switch (match) {
      case MatchConfig.All(var parts) -> parts.forEach(part -> addFields(part, fields));
      case MatchConfig.Any(var parts) -> parts.forEach(part -> addFields(part, fields));
      case MatchConfig.Not(var part) -> addFields(part, fields);
      default -> fields.add(MatchWords.field(match));
    }
  }

  private static String field(KeyPart part) {
    return switch (part) {
      case KeyPart.Ip ignored -> "ip";
      case KeyPart.Host ignored -> "host";
      case KeyPart.Path ignored -> "path";
      case KeyPart.Method ignored -> "method";
      case KeyPart.Route ignored -> "route";
      case KeyPart.Ja4 ignored -> LoggedRequest.JA4;
      case KeyPart.Header(String name) -> "header." + name;
      case KeyPart.Cookie(String name) -> "cookie." + name;
    };
  }
}
