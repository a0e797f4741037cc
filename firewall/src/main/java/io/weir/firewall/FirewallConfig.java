package io.weir.firewall;

import io.weir.firewall.path.PathMode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the user meant by {@code firewall:} and {@code lists:}.
 *
 * @param rules in the order of the file, which is the order of evaluation
 * @param lists by name, in the order of the file
 */
public record FirewallConfig(
    DefaultAction defaultAction,
    PathMode pathMode,
    List<RuleConfig> rules,
    Map<String, ListConfig> lists) {

  /** No rules: everything is allowed. */
  public static final FirewallConfig OPEN =
      new FirewallConfig(new DefaultAction.Allow(), PathMode.COMPATIBLE, List.of(), Map.of());

  public FirewallConfig {
    rules = List.copyOf(rules);
    lists = Collections.unmodifiableMap(new LinkedHashMap<>(lists));
  }

  /** The same with other lists. */
  public FirewallConfig withLists(Map<String, ListConfig> others) {
    return new FirewallConfig(defaultAction, pathMode, rules, others);
  }
}
