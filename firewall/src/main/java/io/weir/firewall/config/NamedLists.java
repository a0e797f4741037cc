package io.weir.firewall.config;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the lists that matches name. */
public final class NamedLists {
  private NamedLists() {}

  /** The names of the lists that a match asks, whether or not there are such lists. */
  public static Set<String> in(MatchConfig match) {
    Set<String> names = new LinkedHashSet<>();
    add(match, names);
    return names;
  }

  private static void add(MatchConfig match, Set<String> names) {
    switch (match) {
      case MatchConfig.All(var parts) -> parts.forEach(part -> add(part, names));
      case MatchConfig.Any(var parts) -> parts.forEach(part -> add(part, names));
      case MatchConfig.Not(var part) -> add(part, names);
      case MatchConfig.Ip(var prefixes, var lists) -> names.addAll(lists);
      case MatchConfig.Host(var patterns) -> add(patterns, names);
      case MatchConfig.Path(var patterns) -> add(patterns, names);
      case MatchConfig.RawPath(var patterns) -> add(patterns, names);
      case MatchConfig.ServerName(var patterns) -> add(patterns, names);
      case MatchConfig.ClientSubject(var patterns) -> add(patterns, names);
      case MatchConfig.Ja4(var patterns) -> add(patterns, names);
      case MatchConfig.Query(var name, var patterns) -> add(patterns, names);
      case MatchConfig.Cookie(var name, var patterns) -> add(patterns, names);
      case MatchConfig.Header(var name, var patterns) -> add(patterns, names);
      case MatchConfig.Method ignored -> {}
      case MatchConfig.Protocol ignored -> {}
      case MatchConfig.TlsVersion ignored -> {}
      case MatchConfig.Route ignored -> {}
      case MatchConfig.Time ignored -> {}
      case MatchConfig.ResponseStatus ignored -> {}
      case MatchConfig.Listener ignored -> {}
    }
  }

  private static void add(List<StringPattern> patterns, Set<String> names) {
    for (StringPattern pattern : patterns) {
      if (pattern instanceof StringPattern.InList(var list)) {
        names.add(list);
      } else if (pattern instanceof StringPattern.ContainsAny(var list)) {
        names.add(list);
      }
    }
  }
}
