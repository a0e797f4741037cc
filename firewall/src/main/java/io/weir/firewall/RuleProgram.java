package io.weir.firewall;

import java.util.List;

/** The rules of one stage, with the ways to find those that may match. */
final class RuleProgram {
  /*
   * Each rule is looked up by the conditions of its Access, those that hold seldom and that few
   * rules share. A look at a request asks the fields one after the other; what it finds are
   * candidates, which are then verified in the order of the file. So the cost follows the number of
   * rules that come into question and not the number of rules. Rules without an Access are always
   * candidates.
   *
   * A field is looked at only when the walk has come to the first rule that is looked up by it: a
   * request that the first rules decide reads nothing else.
   */
  private static final int[] NONE = {};

  private final CompiledRule[] rules; // by index; null for those of other stages
  private final int[] always;
  private final int[][] rulesBy; // by condition
  private final Probe[] probes; // by the first rule that they can find
  private final int[] firstRules;
  private final boolean readsPath;

  RuleProgram(
      CompiledRule[] rules,
      List<Integer> always,
      int[][] rulesBy,
      List<RuleProgramBuilder.Placed> probes,
      boolean readsPath) {
    this.rules = rules;
    this.always = always.stream().mapToInt(Integer::intValue).toArray();
    this.rulesBy = rulesBy;
    this.probes = probes.stream().map(RuleProgramBuilder.Placed::probe).toArray(Probe[]::new);
    firstRules = probes.stream().mapToInt(RuleProgramBuilder.Placed::firstRule).toArray();
    this.readsPath = readsPath;
  }

  boolean readsPath() {
    return readsPath;
  }

  /** The rules that are looked up by a condition. */
  int[] rulesBy(int condition) {
    int[] found = rulesBy[condition];
    return found == null ? NONE : found;
  }

  /** Prepares the walk: how many probes ran so far is its state. */
  int start(Evaluation evaluation) {
    evaluation.candidates().addAll(always);
    return 0;
  }

  /** Runs the probes that can find a rule before the first candidate; how many have run now. */
  int probe(int done, Evaluation evaluation) {
    int next = done;
    while (next < probes.length && firstRules[next] <= evaluation.candidates().first()) {
      probes[next++].run(evaluation);
    }
    return next;
  }

  CompiledRule rule(int index) {
    return rules[index];
  }
}
