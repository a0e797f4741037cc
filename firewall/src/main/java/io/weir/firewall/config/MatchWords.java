package io.weir.firewall.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Says conditions in the words of the configuration file, for people who ask why. */
public final class MatchWords {
  private static final int MOST = 3; // items of a list; the rest is counted

  private MatchWords() {}

  /** What a condition on one field says; all and any are the rule's shape, not a condition. */
  public static String of(MatchConfig match) {
    return switch (match) {
      case MatchConfig.All(var parts) -> some(parts.stream().map(MatchWords::of).toList());
      case MatchConfig.Any(var parts) ->
          "any: " + some(parts.stream().map(MatchWords::of).toList());
      case MatchConfig.Not(var part) -> "not: " + of(part);
      default -> field(match) + ": " + values(match);
    };
  }

  /** The field that a condition looks at, like {@code header.user-agent}; empty if it is no one. */
  public static String field(MatchConfig match) {
    return switch (match) {
      case MatchConfig.All ignored -> "";
      case MatchConfig.Any ignored -> "";
      case MatchConfig.Not ignored -> "";
      case MatchConfig.Ip ignored -> "ip";
      case MatchConfig.Method ignored -> "method";
      case MatchConfig.Protocol ignored -> "protocol";
      case MatchConfig.TlsVersion ignored -> "tls.version";
      case MatchConfig.Route ignored -> "route";
      case MatchConfig.Listener ignored -> "listener";
      case MatchConfig.Host ignored -> "host";
      case MatchConfig.Path ignored -> "path";
      case MatchConfig.RawPath ignored -> "raw_path";
      case MatchConfig.ServerName ignored -> "tls.sni";
      case MatchConfig.ClientSubject ignored -> "tls.client_subject";
      case MatchConfig.Ja4 ignored -> "tls.ja4";
      case MatchConfig.Query(var name, var patterns) -> "query." + name;
      case MatchConfig.Header(var name, var patterns) -> "header." + name;
      case MatchConfig.Cookie(var name, var patterns) -> "cookie." + name;
      case MatchConfig.Time ignored -> "time";
      case MatchConfig.ResponseStatus ignored -> "response_status";
    };
  }

  private static String values(MatchConfig match) {
    return switch (match) {
      case MatchConfig.All ignored -> "";
      case MatchConfig.Any ignored -> "";
      case MatchConfig.Not ignored -> "";
      case MatchConfig.Ip(var prefixes, var lists) -> {
        List<Object> all = new ArrayList<>(prefixes);
        lists.forEach(list -> all.add("{ in: " + list + " }"));
        yield some(all);
      }
      case MatchConfig.Method(var methods) -> some(methods);
      case MatchConfig.Protocol(var names) -> some(names);
      case MatchConfig.TlsVersion(var versions) -> some(versions);
      case MatchConfig.Route(var names) -> some(names);
      case MatchConfig.Listener(var names) -> some(names);
      case MatchConfig.Host(var patterns) -> patterns(patterns);
      case MatchConfig.Path(var patterns) -> patterns(patterns);
      case MatchConfig.RawPath(var patterns) -> patterns(patterns);
      case MatchConfig.ServerName(var patterns) -> patterns(patterns);
      case MatchConfig.ClientSubject(var patterns) -> patterns(patterns);
      case MatchConfig.Ja4(var patterns) -> patterns(patterns);
      case MatchConfig.Query(var name, var patterns) -> patterns(patterns);
      case MatchConfig.Header(var name, var patterns) -> patterns(patterns);
      case MatchConfig.Cookie(var name, var patterns) -> patterns(patterns);
      case MatchConfig.Time(var times) -> "in " + times.zone();
      case MatchConfig.ResponseStatus(var ranges) -> some(ranges);
    };
  }

  private static String patterns(List<StringPattern> patterns) {
    return some(patterns.stream().map(MatchWords::pattern).toList());
  }

  private static String pattern(StringPattern pattern) {
    return switch (pattern) {
      case StringPattern.Exact(var text) -> text;
      case StringPattern.Prefix(var text) -> text + '*';
      case StringPattern.Below(var text) -> text + "/*";
      case StringPattern.Suffix(var text) -> "{ suffix: " + text + " }";
      case StringPattern.Contains(var text) -> "{ contains: " + text + " }";
      case StringPattern.Regex(var text) -> "{ regex: " + text + " }";
      case StringPattern.InList(var list) -> "{ in: " + list + " }";
      case StringPattern.ContainsAny(var list) -> "{ contains_any: " + list + " }";
      case StringPattern.Present(var present) -> "{ present: " + present + " }";
    };
  }

  private static String some(Collection<?> items) {
    String first =
        items.stream().limit(MOST).map(Object::toString).collect(Collectors.joining(", "));
    return items.size() <= MOST ? first : first + ", ... (" + items.size() + ")";
  }
}
