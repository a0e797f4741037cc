package io.weir.firewall.config;

/**
 * One rule: when it matches, and what happens then.
 *
 * @param name unique among the rules; also a metric label
 */
public record RuleConfig(String name, MatchConfig match, ActionConfig action, RuleMode mode) {
  public RuleConfig {
    Checks.notBlank("name", name);
    Checks.check(
        name.chars().noneMatch(Character::isISOControl),
        "name",
        '"' + name.strip() + '"',
        "a text without control characters");
  }

  /** An enforcing rule. */
  public RuleConfig(String name, MatchConfig match, ActionConfig action) {
    this(name, match, action, RuleMode.ENFORCE);
  }
}
