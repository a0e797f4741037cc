package io.weir.daemon.config.rule;

import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.firewall.config.DefaultAction;
import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.RuleMode;
import io.weir.firewall.list.ListConfig;
import io.weir.firewall.path.PathMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@code firewall:}. */
public final class FirewallSection {
  private static final Keys KEYS = Keys.of("default", "normalize_path", "databases", "rules");
  private static final Keys DEFAULT = Keys.of("deny");
  private static final Keys PATHS = Keys.of("as", "mode");

  /** How paths are read, and whether strictness is only tried. */
  private record Paths(PathMode mode, boolean triesStrict) {}

  private FirewallSection() {}

  /**
   * Reads it.
   *
   * @param ofRoutes what routes ask, for which lists may have to be made, too
   */
  public static FirewallConfig read(
      @Nullable Node node, Map<String, ListConfig> lists, List<MatchConfig> ofRoutes) {
    FirewallConfig open = FirewallConfig.OPEN;
    if (node == null) {
      return new FirewallConfig(open.defaultAction(), open.pathMode(), List.of(), lists);
    }
    Fields firewall = node.fields(KEYS);
    List<RuleConfig> rules = rules(firewall.get("rules"));
    List<MatchConfig> matches = new ArrayList<>(ofRoutes);
    rules.forEach(rule -> matches.add(rule.match()));
    Paths paths = paths(firewall.get("normalize_path"));
    FirewallConfig config =
        new FirewallConfig(
            defaultAction(firewall.get("default")),
            paths.mode(),
            rules,
            DatabasesSection.lists(firewall.get("databases"), matches, lists));
    return paths.triesStrict() ? config.tryingStrictPaths() : config;
  }

  private static Paths paths(@Nullable Node node) {
    PathMode usual = FirewallConfig.OPEN.pathMode();
    if (node == null || !node.isMap()) {
      return new Paths(node == null ? usual : node.word(PathMode.class, usual), false);
    }
    Fields paths = node.fields(PATHS);
    PathMode as = paths.word("as", PathMode.class, usual);
    if (paths.word("mode", RuleMode.class, RuleMode.ENFORCE) == RuleMode.ENFORCE) {
      return new Paths(as, false);
    }
    if (as != PathMode.STRICT) {
      paths.refuse("mode", "report tries as: strict only", null);
    }
    return new Paths(PathMode.COMPATIBLE, true);
  }

  private static DefaultAction defaultAction(@Nullable Node node) {
    if (node == null || node.is("allow")) {
      return new DefaultAction.Allow();
    }
    if (!node.isMap()) {
      node.wrong("allow, or { deny: 403 }");
      return new DefaultAction.Allow();
    }
    Fields action = node.fields(DEFAULT);
    Node status = action.require("deny", "{ deny: 403 }");
    return status == null
        ? new DefaultAction.Allow()
        : status.refusable(
            () -> new DefaultAction.Deny(status.number(403)), new DefaultAction.Allow());
  }

  private static List<RuleConfig> rules(@Nullable Node node) {
    List<RuleConfig> rules = new ArrayList<>();
    if (node != null) {
      node.list().forEach(rule -> rules.add(RuleSection.read(rule)));
    }
    return rules;
  }
}
