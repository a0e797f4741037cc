package io.weir.firewall;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of tcp listeners that read the ClientHello, by when they are asked.
 *
 * @param beforeHello those before the first enforcing one that needs the hello, and those that
 *     count connections
 * @param ofHello the others, when it is there
 * @param asked all of them, in the order in which they are asked
 */
record HelloStages(RuleProgram beforeHello, RuleProgram ofHello, List<CompiledRule> asked) {
  /*
   * A rule in report mode decides nothing, so it holds nothing up either: it waits for the hello
   * alone, and tells of the connections that are still there then. Rules that count connections are
   * asked at accept wherever they stand, as on http listeners: they are there against floods of
   * connections, which need not send a hello.
   */

  /** Null if no rule asks for a hello. */
  static @Nullable HelloStages of(
      List<CompiledRule> rules, int conditions, RuleProgramBuilder.NameCounts names) {
    List<CompiledRule> accept = new ArrayList<>();
    List<CompiledRule> hello = new ArrayList<>();
    boolean over = false;
    for (CompiledRule rule : rules) {
      if (rule.needsMoreThanHello()) {
        continue;
      }
      over |= rule.enforces() && rule.needsHello();
      boolean waits = rule.needsHello() || (over && !rule.perConnection());
      (waits ? hello : accept).add(rule);
    }
    if (hello.isEmpty()) {
      return null;
    }
    List<CompiledRule> all = new ArrayList<>(accept);
    all.addAll(hello);
    return new HelloStages(
        RuleProgramBuilder.build(accept, rules.size(), conditions, names),
        RuleProgramBuilder.build(hello, rules.size(), conditions, names),
        all);
  }
}
