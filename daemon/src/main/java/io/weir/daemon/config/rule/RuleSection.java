package io.weir.daemon.config.rule;

import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;

/** Reads one item of {@code firewall.rules}. */
final class RuleSection {
  private static final Keys KEYS = Keys.of("name", "match", "action", "mode");

  private RuleSection() {}

  static RuleConfig read(Node node) {
    Fields rule = node.fields(KEYS);
    Node name = rule.require("name", "a unique name, which is also the metric label");
    Node condition = rule.get("match");
    MatchConfig match = condition == null ? MatchConfig.ALWAYS : MatchSection.read(condition);
    Node actionNode = rule.require("action", ActionSection.EXPECTED);
    ActionConfig action =
        actionNode == null ? new ActionConfig.Log() : ActionSection.read(actionNode);
    String standIn = "?" + node.path();
    return rule.build(
        () ->
            new RuleConfig(
                name == null ? standIn : rule.text("name", standIn),
                match,
                action,
                rule.word("mode", RuleMode.class, RuleMode.ENFORCE)),
        new RuleConfig(standIn, match, action));
  }
}
