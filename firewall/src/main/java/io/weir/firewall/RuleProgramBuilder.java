package io.weir.firewall;

import io.weir.firewall.text.LiteralMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Chooses how the rules of a stage are looked up. */
final class RuleProgramBuilder {
  /** How many names of query parameters and of cookies are asked for. */
  record NameCounts(int queries, int cookies) {}

  /** A probe, and the first rule that it can find. */
  record Placed(Probe probe, int firstRule) {}

  /**
   * More header names than this are looked up in one pass over the request's lines instead of one
   * search of the request for each name.
   */
  private static final int MANY_NAMES = 4;

  private final CompiledRule[] rules;
  private final int conditions;
  private final NameCounts names;
  private final Map<Condition, List<Integer>> rulesBy = new LinkedHashMap<>();
  private final List<Integer> always = new ArrayList<>();
  private final List<Placed> probes = new ArrayList<>();

  private RuleProgramBuilder(CompiledRule[] rules, int conditions, NameCounts names) {
    this.rules = rules;
    this.conditions = conditions;
    this.names = names;
  }

  /** A program of some of the rules. */
  static RuleProgram build(
      List<CompiledRule> stage, int ruleCount, int conditions, NameCounts names) {
    CompiledRule[] rules = new CompiledRule[ruleCount];
    stage.forEach(rule -> rules[rule.index()] = rule);
    return new RuleProgramBuilder(rules, conditions, names).build(stage);
  }

  private RuleProgram build(List<CompiledRule> stage) {
    for (CompiledRule rule : stage) {
      Access access = Access.of(rule.matcher());
      if (access == null) {
        always.add(rule.index());
        continue;
      }
      for (Condition condition : access.conditions()) {
        rulesBy.computeIfAbsent(condition, same -> new ArrayList<>()).add(rule.index());
      }
    }
    addProbes();
    probes.sort(Comparator.comparingInt(Placed::firstRule));
    int[][] byNumber = new int[conditions][];
    rulesBy.forEach((condition, found) ->
        byNumber[condition.number] =
            found.stream().mapToInt(Integer::intValue).distinct().toArray());
    boolean readsPath = stage.stream().anyMatch(CompiledRule::readsPath);
    return new RuleProgram(rules, always, byNumber, probes, readsPath);
  }

  private void addProbes() {
    List<Condition> addresses = new ArrayList<>();
    Map<Condition.TextField, List<Condition.Single>> singles = new TreeMap<>();
    List<Condition.Path> paths = new ArrayList<>();
    List<Condition.Named> queries = new ArrayList<>();
    List<Condition.Named> cookies = new ArrayList<>();
    Map<String, List<Condition.Header>> headers = new TreeMap<>();
    for (Condition condition : rulesBy.keySet()) {
      switch (condition) {
        case Condition.Ip ip -> addresses.add(ip);
        case Condition.OnText onText when onText.matcher.literals() == null -> ask(onText);
        case Condition.Single single ->
            singles.computeIfAbsent(single.textField, field -> new ArrayList<>()).add(single);
        case Condition.Path path -> paths.add(path);
        case Condition.Named named -> (named.cookie ? cookies : queries).add(named);
        case Condition.Header header ->
            headers.computeIfAbsent(header.name, name -> new ArrayList<>()).add(header);
        case Condition.Word word -> ask(word);
        case Condition.Time time -> ask(time);
        case Condition.Listener listener -> ask(listener);
      }
    }
    if (!addresses.isEmpty()) {
      probes.add(new Placed(new Probe.Addresses(), firstRule(addresses)));
    }
    singles.forEach((field, found) ->
        probes.add(new Placed(new Probe.Single(field, new TextIndex(found)), firstRule(found))));
    if (!paths.isEmpty()) {
      probes.add(new Placed(new Probe.Paths(new TextIndex(paths)), firstRule(paths)));
    }
    if (!queries.isEmpty()) {
      List<TextIndex> indexes = namedIndexes(queries, names.queries());
      probes.add(new Placed(new Probe.Named(false, indexes), firstRule(queries)));
    }
    if (!cookies.isEmpty()) {
      List<TextIndex> indexes = namedIndexes(cookies, names.cookies());
      probes.add(new Placed(new Probe.Named(true, indexes), firstRule(cookies)));
    }
    addHeaderProbes(headers);
  }

  private void ask(Condition condition) {
    probes.add(new Placed(new Probe.Ask(condition), firstRule(List.of(condition))));
  }

  private static List<TextIndex> namedIndexes(List<Condition.Named> found, int names) {
    List<List<Condition.Named>> byName = new ArrayList<>();
    for (int i = 0; i < names; i++) {
      byName.add(new ArrayList<>());
    }
    found.forEach(condition -> byName.get(condition.name).add(condition));
    return byName.stream().map(TextIndex::new).toList();
  }

  private void addHeaderProbes(Map<String, List<Condition.Header>> headers) {
    if (headers.size() <= MANY_NAMES) {
      headers.forEach((name, conditionsOfName) ->
          probes.add(
              new Placed(
                  new Probe.Header(name, new TextIndex(conditionsOfName)),
                  firstRule(conditionsOfName))));
      return;
    }
    Map<String, int[]> names = new LinkedHashMap<>();
    List<TextIndex> indexes = new ArrayList<>();
    List<Condition> all = new ArrayList<>();
    headers.forEach((name, conditionsOfName) -> {
      names.put(name, new int[] {indexes.size()});
      indexes.add(new TextIndex(conditionsOfName));
      all.addAll(conditionsOfName);
    });
    probes.add(new Placed(new Probe.Headers(new LiteralMap(names), indexes), firstRule(all)));
  }

  private int firstRule(List<? extends Condition> found) {
    return found.stream()
        .flatMap(condition -> rulesBy.getOrDefault(condition, List.of()).stream())
        .min(Comparator.naturalOrder())
        .orElse(0);
  }
}
