package io.weir.firewall;

import io.weir.firewall.address.AddressMap;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.PackedPrefixes;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.MatchWords;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.list.CompiledLists;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.PathText;
import io.weir.firewall.problem.NearestName;
import io.weir.firewall.problem.Problems;
import io.weir.firewall.text.LiteralMap;
import io.weir.firewall.text.PatternCompiler;
import io.weir.firewall.text.TextMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/** Compiles matches to trees over shared conditions. */
final class MatchCompiler {
  private static final int LISTED = 20; // of 1000 clients

  private final CompiledLists lists;
  private final PatternCompiler patterns;
  private final List<String> listeners;
  private final Problems problems;

  private final Map<MatchConfig, Condition> conditions = new HashMap<>(); // by what they say
  private final Map<String, int[]> queryNames = new LinkedHashMap<>();
  private final Map<String, int[]> cookieNames = new LinkedHashMap<>();
  private final PackedPrefixes prefixes = new PackedPrefixes();
  private int[] labels = new int[16]; // the condition of each of them

  MatchCompiler(
      CompiledLists lists, PatternCompiler patterns, List<String> listeners, Problems problems) {
    this.lists = lists;
    this.patterns = patterns;
    this.listeners = listeners;
    this.problems = problems;
  }

  /** The matcher of a rule. */
  Matcher compileRule(MatchConfig match, String path) {
    Matcher matcher = compile(match, path);
    Set<Condition> used = new HashSet<>();
    Matchers.eachCondition(matcher, used::add);
    used.forEach(condition -> condition.users++);
    return matcher;
  }

  /** What all the conditions compiled so far share. */
  Conditions conditions() {
    return new Conditions(
        conditions.size(),
        AddressMap.of(prefixes, labels),
        new LiteralMap(queryNames),
        new LiteralMap(cookieNames));
  }

  RuleProgramBuilder.NameCounts nameCounts() {
    return new RuleProgramBuilder.NameCounts(queryNames.size(), cookieNames.size());
  }

  /** The number of a cookie whose value is asked for. */
  int cookieName(String name) {
    return cookieNames.computeIfAbsent(latin1(name), key -> new int[] {cookieNames.size()})[0];
  }

  private static String latin1(String name) {
    return PathText.pattern(name, PathMode.OFF);
  }

  private Matcher compile(MatchConfig match, String path) {
    return switch (match) {
      case MatchConfig.All(var parts) -> all(parts, path);
      case MatchConfig.Any(var parts) -> any(parts, path);
      case MatchConfig.Not(var part) -> new Matcher.Opposite(compile(part, path + ".not"));
      case MatchConfig.Ip ip -> addresses(ip, path + ".ip");
      case MatchConfig.Method(var methods) -> word(match, Condition.WordField.METHOD, methods);
      case MatchConfig.Protocol(var names) -> word(match, Condition.WordField.PROTOCOL, names);
      case MatchConfig.TlsVersion(var versions) ->
          word(match, Condition.WordField.TLS_VERSION, versions);
      case MatchConfig.Route(var names) -> word(match, Condition.WordField.ROUTE, names);
      case MatchConfig.Time(var times) -> leaf(match, number -> new Condition.Time(number, times));
      case MatchConfig.ResponseStatus ignored -> {
        problems.add(
            path + ".response_status",
            "response_status: not at the top of a match (expected: beside the other keys, not below"
                + " not or any)");
        yield Matcher.ALWAYS;
      }
      case MatchConfig.Listener listener -> listener(listener, path + ".listener");
      case MatchConfig.Host(var patterns) ->
          single(match, Condition.TextField.HOST, patterns, path + ".host");
      case MatchConfig.RawPath(var patterns) ->
          single(match, Condition.TextField.RAW_PATH, patterns, path + ".raw_path");
      case MatchConfig.ServerName(var patterns) ->
          single(match, Condition.TextField.SERVER_NAME, patterns, path + ".tls.sni");
      case MatchConfig.ClientSubject(var patterns) ->
          single(match, Condition.TextField.CLIENT_SUBJECT, patterns, path + ".tls.client_subject");
      case MatchConfig.Ja4(var patterns) ->
          single(match, Condition.TextField.JA4, patterns, path + ".tls.ja4");
      case MatchConfig.Path of ->
          leaf(
              of,
              number ->
                  new Condition.Path(
                      number,
                      patterns.compile(of.patterns(), PatternCompiler.Field.PATH, path + ".path")));
      case MatchConfig.Query(var name, var wanted) ->
          leaf(
              match,
              number ->
                  new Condition.Named(
                      number, false, queryName(name), other(wanted, path + ".query." + name)));
      case MatchConfig.Cookie(var name, var wanted) ->
          leaf(
              match,
              number ->
                  new Condition.Named(
                      number, true, cookieName(name), other(wanted, path + ".cookie." + name)));
      case MatchConfig.Header header ->
          leaf(
              header,
              number ->
                  new Condition.Header(
                      number,
                      header.name(),
                      patterns.compile(
                          header.patterns(),
                          PatternCompiler.Field.OTHER,
                          path + ".header." + header.name())));
    };
  }

  private Matcher word(MatchConfig match, Condition.WordField field, Set<String> words) {
    return leaf(match, number -> new Condition.Word(number, field, words));
  }

  private Matcher single(
      MatchConfig match, Condition.TextField field, List<StringPattern> wanted, String path) {
    PatternCompiler.Field spelling =
        switch (field) {
          case HOST, SERVER_NAME -> PatternCompiler.Field.HOST;
          case RAW_PATH, CLIENT_SUBJECT, JA4 -> PatternCompiler.Field.OTHER;
        };
    return leaf(
        match,
        number -> new Condition.Single(number, field, patterns.compile(wanted, spelling, path)));
  }

  private TextMatcher other(List<StringPattern> wanted, String path) {
    return patterns.compile(wanted, PatternCompiler.Field.OTHER, path);
  }

  private Matcher all(List<MatchConfig> parts, String path) {
    List<Matcher> matchers = parts.stream().map(part -> compile(part, path)).toList();
    return matchers.size() == 1 ? matchers.getFirst() : new Matcher.AllOf(matchers);
  }

  private Matcher any(List<MatchConfig> parts, String path) {
    List<Matcher> matchers = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      matchers.add(compile(parts.get(i), path + ".any[" + i + "]"));
    }
    return matchers.size() == 1 ? matchers.getFirst() : new Matcher.AnyOf(matchers);
  }

  private Matcher addresses(MatchConfig.Ip ip, String path) {
    List<Matcher> matchers = new ArrayList<>();
    if (!ip.prefixes().isEmpty()) {
      MatchConfig written = new MatchConfig.Ip(ip.prefixes(), List.of());
      matchers.add(
          leaf(written, number -> located(number, ip.prefixes(), frequency(ip.prefixes()))));
    }
    for (String list : ip.lists()) { // a condition of its own, which rules share
      List<Cidr> entries = lists.addresses(list, path);
      MatchConfig listed = new MatchConfig.Ip(List.of(), List.of(list));
      matchers.add(leaf(listed, number -> located(number, entries, LISTED)));
    }
    return matchers.size() == 1 ? matchers.getFirst() : new Matcher.AnyOf(matchers);
  }

  private Condition located(int number, List<Cidr> entries, int frequency) {
    int from = prefixes.size();
    prefixes.addAll(entries);
    int to = prefixes.size();
    if (to > labels.length) {
      labels = Arrays.copyOf(labels, Math.max(to, 2 * labels.length));
    }
    Arrays.fill(labels, from, to, number);
    return new Condition.Ip(number, frequency);
  }

  private static int frequency(List<Cidr> prefixes) {
    int sum = 0;
    for (Cidr prefix : prefixes) {
      int bits = prefix.network().isV6() ? prefix.length() / 2 : prefix.length();
      sum += bits >= 24 ? 1 : bits >= 16 ? 5 : bits >= 8 ? 30 : 500;
    }
    return Math.min(sum, 1000);
  }

  private Matcher listener(MatchConfig.Listener match, String path) {
    boolean[] wanted = new boolean[listeners.size()];
    for (String name : match.names()) {
      int index = listeners.indexOf(name);
      if (index < 0) {
        problems.add(
            path, "there is no listener \"" + name + '"', NearestName.hint(name, listeners));
      } else {
        wanted[index] = true;
      }
    }
    return leaf(match, number -> new Condition.Listener(number, wanted));
  }

  private int queryName(String name) {
    return queryNames.computeIfAbsent(latin1(name), key -> new int[] {queryNames.size()})[0];
  }

  private Matcher leaf(MatchConfig says, IntFunction<Condition> maker) {
    Condition known = conditions.get(says);
    if (known == null) {
      int before = problems.found().size();
      known = maker.apply(conditions.size());
      known.words = MatchWords.of(says);
      known.field = MatchWords.field(says);
      known.secret = Secrets.isHeldBy(known.field);
      if (problems.found().size() == before) { // else every rule that says it is to hear of it
        conditions.put(says, known);
      }
    }
    return new Matcher.Leaf(known);
  }
}
