package io.weir.firewall.problem;

import org.jspecify.annotations.Nullable;

/**
 * Something wrong or doubtful in the configuration of the firewall.
 *
 * @param path where, like {@code firewall.rules[3].match.ip} or {@code lists.blocked}
 * @param hint what to do about it
 * @param other what else it is about, in the same form; null: nothing
 */
public record FirewallProblem(
    String path, String message, @Nullable String hint, @Nullable String other) {
  public FirewallProblem(String path, String message, @Nullable String hint) {
    this(path, message, hint, null);
  }
}
