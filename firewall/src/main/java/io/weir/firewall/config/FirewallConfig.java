package io.weir.firewall.config;

import io.weir.firewall.list.ListConfig;
import io.weir.firewall.path.PathMode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the user meant by {@code firewall:} and {@code lists:}.
 *
 * @param triesStrictPaths whether it is told what {@link PathMode#STRICT} would do to requests
 * @param rules in the order of the file, which is the order of evaluation
 * @param lists by name, in the order of the file
 * @param tcpListeners the listeners at which no requests arrive; what is said of rules needs them
 */
public record FirewallConfig(
    DefaultAction defaultAction,
    PathMode pathMode,
    boolean triesStrictPaths,
    List<RuleConfig> rules,
    Map<String, ListConfig> lists,
    Set<String> tcpListeners) {

  /** No rules: everything is allowed. */
  public static final FirewallConfig OPEN =
      new FirewallConfig(new DefaultAction.Allow(), PathMode.COMPATIBLE, List.of(), Map.of());

  public FirewallConfig {
    rules = List.copyOf(rules);
    lists = Collections.unmodifiableMap(new LinkedHashMap<>(lists));
    tcpListeners = Set.copyOf(tcpListeners);
  }

  /** Where requests arrive at all listeners. */
  public FirewallConfig(
      DefaultAction defaultAction,
      PathMode pathMode,
      List<RuleConfig> rules,
      Map<String, ListConfig> lists) {
    this(defaultAction, pathMode, false, rules, lists, Set.of());
  }

  /** The same with other lists. */
  public FirewallConfig withLists(Map<String, ListConfig> others) {
    return new FirewallConfig(
        defaultAction, pathMode, triesStrictPaths, rules, others, tcpListeners);
  }

  /** The same beside listeners at which no requests arrive. */
  public FirewallConfig withTcpListeners(Set<String> names) {
    return new FirewallConfig(defaultAction, pathMode, triesStrictPaths, rules, lists, names);
  }

  /** The same, and it is told what strict paths would do. */
  public FirewallConfig tryingStrictPaths() {
    return new FirewallConfig(defaultAction, pathMode, true, rules, lists, tcpListeners);
  }
}
