package io.weir.firewall;

import io.weir.firewall.config.FirewallConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.NamedLists;
import io.weir.firewall.list.CompiledLists;
import io.weir.firewall.list.ListConfig;
import io.weir.firewall.problem.FirewallProblem;
import io.weir.firewall.problem.Problems;
import io.weir.firewall.text.PatternCompiler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Matches that are asked one by one, by number, and decide nothing by themselves: what routes ask
 * beyond host and path. Immutable.
 *
 * <p>A path is matched in its canonical reading, as routes match it.
 */
public final class RequestMatches {
  private final List<Matcher> matchers;
  private final Conditions conditions;

  private RequestMatches(List<Matcher> matchers, Conditions conditions) {
    this.matchers = matchers;
    this.conditions = conditions;
  }

  /** Matches, or why there are none: then every problem. */
  public record Result(RequestMatches matches, List<FirewallProblem> problems) {}

  /**
   * Compiles matches, which get the numbers in which they come, from 0.
   *
   * @param config whose lists and mode of paths are used; what is wrong with its lists is not told
   * @param listenerNames in the order in which {@link RequestView#listener} numbers them
   * @param matches by their place in the configuration
   */
  public static Result compile(
      FirewallConfig config, Set<String> listenerNames, Map<String, MatchConfig> matches) {
    Problems problems = new Problems();
    CompiledLists lists = new CompiledLists(used(config.lists(), matches.values()), problems);
    int ofLists = problems.found().size(); // whoever compiles the rules tells of these
    PatternCompiler patterns = new PatternCompiler(lists, config.pathMode(), problems);
    MatchCompiler compiler =
        new MatchCompiler(lists, patterns, List.copyOf(listenerNames), problems);
    List<Matcher> matchers = new ArrayList<>();
    matches.forEach((path, match) -> {
      checkFields(match, path, problems);
      matchers.add(compiler.compileRule(match, path));
    });
    return new Result(
        new RequestMatches(List.copyOf(matchers), compiler.conditions()),
        List.copyOf(problems.found().subList(ofLists, problems.found().size())));
  }

  /** The lists that are referred to; all of them where one is not there, to name its likes. */
  private static Map<String, ListConfig> used(
      Map<String, ListConfig> all, Collection<MatchConfig> matches) {
    Set<String> names = new HashSet<>();
    matches.forEach(match -> names.addAll(NamedLists.in(match)));
    if (!all.keySet().containsAll(names)) {
      return all;
    }
    Map<String, ListConfig> used = new LinkedHashMap<>(all);
    used.keySet().retainAll(names);
    return used;
  }

  /** What is known only once there is a route. */
  private static void checkFields(MatchConfig match, String path, Problems problems) {
    switch (match) {
      case MatchConfig.All(var parts) -> parts.forEach(part -> checkFields(part, path, problems));
      case MatchConfig.Any(var parts) -> parts.forEach(part -> checkFields(part, path, problems));
      case MatchConfig.Not(var part) -> checkFields(part, path, problems);
      case MatchConfig.Route ignored ->
          problems.add(path, "route: in the match of a route (expected: only in rules)");
      case MatchConfig.ResponseStatus ignored ->
          problems.add(path, "response_status: in the match of a route (expected: only in rules)");
      default -> {}
    }
  }

  /** The memory of one worker that asks. */
  public Look newLook() {
    return new Look(this);
  }

  /** One look at one request at a time; what was found out about it is remembered. */
  public static final class Look {
    private final List<Matcher> matchers;
    private final Evaluation evaluation;

    private Look(RequestMatches matches) {
      matchers = matches.matchers;
      evaluation = new Evaluation(matches.conditions, 0);
    }

    /** Begins to look at a request, which must stay the same until the {@link #end}. */
    public void begin(RequestView request) {
      evaluation.begin(request);
    }

    /** Whether a match holds. */
    public boolean holds(int number) {
      return matchers.get(number).test(evaluation);
    }

    /**
     * The fields on which it depends whether a match holds, while nobody knows what they are; none
     * if the others tell. For people who ask.
     *
     * @param unknown fields, in the words of the configuration, like {@code tls.ja4}
     */
    public List<String> undecidedBy(int number, Set<String> unknown) {
      Doubt doubt = new Doubt(evaluation, unknown);
      Matcher matcher = matchers.get(number);
      return doubt.of(matcher) == Doubt.Truth.UNKNOWN ? doubt.fields(matcher) : List.of();
    }

    /** Lets go of the request. */
    public void end() {
      evaluation.end();
    }
  }
}
