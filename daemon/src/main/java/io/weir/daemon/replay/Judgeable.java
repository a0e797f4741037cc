package io.weir.daemon.replay;

import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.LimitConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.MatchWords;
import io.weir.firewall.config.RuleConfig;
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
   * @param oneListener whether requests can only have come in at one place
   */
  static Judgeable of(FirewallConfig config, LogParser log, boolean oneListener) {
    List<RuleConfig> judged = new ArrayList<>();
    Map<String, String> leftOut = new LinkedHashMap<>();
    Set<String> asked = new TreeSet<>();
    for (RuleConfig rule : config.rules()) {
      Set<String> fields = fields(rule);
      String missing = missing(rule, fields, log, oneListener);
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

  /** What a log lacks to judge a rule, in words; empty if nothing. */
  private static String missing(
      RuleConfig rule, Set<String> asked, LogParser log, boolean oneListener) {
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
    Set<String> fields = new TreeSet<>(asked);
    fields.removeIf(field -> log.holds(field) || (oneListener && field.equals(LISTENER)));
    return fields.isEmpty() ? "" : "the log does not hold " + String.join(", ", fields);
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
      case KeyPart.Ja4 ignored -> "tls.ja4";
      case KeyPart.Header(String name) -> "header." + name;
      case KeyPart.Cookie(String name) -> "cookie." + name;
    };
  }
}
