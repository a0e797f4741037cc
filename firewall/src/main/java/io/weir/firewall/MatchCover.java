package io.weir.firewall;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.StringPattern;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Whether a match holds wherever another one does, as far as their texts tell. */
final class MatchCover {
  /*
   * Wherever this says yes it is so; there are cases of which it does not know. Regular expressions
   * and lists cover only themselves, and paths with escapes, which patterns may spell in several
   * ways, only what says the same.
   */
  private MatchCover() {}

  /** Whether {@code wide} holds wherever {@code narrow} holds. */
  static boolean covers(MatchConfig wide, MatchConfig narrow) {
    if (wide.equals(narrow)) {
      return true;
    }
    if (wide instanceof MatchConfig.All(var parts)) {
      return parts.stream().allMatch(part -> covers(part, narrow));
    }
    if (narrow instanceof MatchConfig.Any(var parts)) {
      return parts.stream().allMatch(part -> covers(wide, part));
    }
    if (wide instanceof MatchConfig.Any(var parts)
        && parts.stream().anyMatch(part -> covers(part, narrow))) {
      return true;
    }
    if (narrow instanceof MatchConfig.All(var parts)) {
      return parts.stream().anyMatch(part -> covers(wide, part));
    }
    return coversField(wide, narrow);
  }

  private static boolean coversField(MatchConfig wide, MatchConfig narrow) {
    return switch (wide) {
      case MatchConfig.Not(var part) ->
          narrow instanceof MatchConfig.Not(var other) && covers(other, part);
      case MatchConfig.Ip ip -> narrow instanceof MatchConfig.Ip other && covers(ip, other);
      case MatchConfig.Method(var words) ->
          narrow instanceof MatchConfig.Method(var others) && words.containsAll(others);
      case MatchConfig.Listener(var words) ->
          narrow instanceof MatchConfig.Listener(var others) && words.containsAll(others);
      case MatchConfig.Route(var words) ->
          narrow instanceof MatchConfig.Route(var others) && words.containsAll(others);
      case MatchConfig.Protocol(var words) ->
          narrow instanceof MatchConfig.Protocol(var others) && words.containsAll(others);
      case MatchConfig.TlsVersion(var words) ->
          narrow instanceof MatchConfig.TlsVersion(var others) && words.containsAll(others);
      case MatchConfig.Host(var patterns) ->
          narrow instanceof MatchConfig.Host(var others) && covers(patterns, others, true);
      case MatchConfig.ServerName(var patterns) ->
          narrow instanceof MatchConfig.ServerName(var others) && covers(patterns, others, true);
      case MatchConfig.Ja4(var patterns) ->
          narrow instanceof MatchConfig.Ja4(var others) && covers(patterns, others, false);
      case MatchConfig.Path(var patterns) ->
          narrow instanceof MatchConfig.Path(var others)
              && covers(patterns, others, false)
              && arePlain(patterns)
              && arePlain(others);
      case MatchConfig.RawPath(var patterns) ->
          narrow instanceof MatchConfig.RawPath(var others) && covers(patterns, others, false);
      case MatchConfig.Header(var name, var patterns) ->
          narrow instanceof MatchConfig.Header(var other, var others)
              && name.equals(other)
              && covers(patterns, others, false);
      case MatchConfig.Query(var name, var patterns) ->
          narrow instanceof MatchConfig.Query(var other, var others)
              && name.equals(other)
              && covers(patterns, others, false);
      case MatchConfig.Cookie(var name, var patterns) ->
          narrow instanceof MatchConfig.Cookie(var other, var others)
              && name.equals(other)
              && covers(patterns, others, false);
      default -> false;
    };
  }

  private static boolean covers(MatchConfig.Ip wide, MatchConfig.Ip narrow) {
    return Set.copyOf(wide.lists()).containsAll(narrow.lists())
        && narrow.prefixes().stream()
            .allMatch(prefix -> wide.prefixes().stream().anyMatch(w -> holds(w, prefix)));
  }

  private static boolean holds(Cidr wide, Cidr narrow) {
    return wide.length() <= narrow.length() && wide.contains(narrow.network());
  }

  private static boolean arePlain(List<StringPattern> patterns) {
    return patterns.stream().noneMatch(pattern -> pattern.toString().contains("%"));
  }

  private static boolean covers(
      List<StringPattern> wide, List<StringPattern> narrow, boolean ignoreCase) {
    return narrow.stream()
        .allMatch(n -> wide.stream().anyMatch(w -> w.equals(n) || covers(w, n, ignoreCase)));
  }

  /** Every text that the narrow pattern wants is one that the wide one wants. */
  private static boolean covers(StringPattern wide, StringPattern narrow, boolean ignoreCase) {
    return switch (wide) {
      case StringPattern.Exact(var text) ->
          narrow instanceof StringPattern.Exact(var n) && same(text, n, ignoreCase);
      case StringPattern.Prefix(var text) -> begins(narrow, fold(text, ignoreCase), ignoreCase);
      case StringPattern.Below(var path) ->
          begins(narrow, path + "/", ignoreCase)
              || (narrow instanceof StringPattern.Exact(var n) && same(path, n, ignoreCase));
      case StringPattern.Suffix(var text) -> ends(narrow, fold(text, ignoreCase), ignoreCase);
      case StringPattern.Contains(var text) -> holds(narrow, fold(text, ignoreCase), ignoreCase);
      case StringPattern.Present(var present) ->
          present && !(narrow instanceof StringPattern.Present(var n) && !n);
      case StringPattern.Regex ignored -> false;
      case StringPattern.InList ignored -> false;
      case StringPattern.ContainsAny ignored -> false;
    };
  }

  private static boolean begins(StringPattern narrow, String wanted, boolean ignoreCase) {
    return switch (narrow) {
      case StringPattern.Exact(var text) -> fold(text, ignoreCase).startsWith(wanted);
      case StringPattern.Prefix(var text) -> fold(text, ignoreCase).startsWith(wanted);
      case StringPattern.Below(var path) -> fold(path, ignoreCase).startsWith(wanted);
      default -> false;
    };
  }

  private static boolean ends(StringPattern narrow, String wanted, boolean ignoreCase) {
    return switch (narrow) {
      case StringPattern.Exact(var text) -> fold(text, ignoreCase).endsWith(wanted);
      case StringPattern.Suffix(var text) -> fold(text, ignoreCase).endsWith(wanted);
      default -> false;
    };
  }

  private static boolean holds(StringPattern narrow, String wanted, boolean ignoreCase) {
    return switch (narrow) {
      case StringPattern.Exact(var text) -> fold(text, ignoreCase).contains(wanted);
      case StringPattern.Prefix(var text) -> fold(text, ignoreCase).contains(wanted);
      case StringPattern.Below(var path) -> fold(path, ignoreCase).contains(wanted);
      case StringPattern.Suffix(var text) -> fold(text, ignoreCase).contains(wanted);
      case StringPattern.Contains(var text) -> fold(text, ignoreCase).contains(wanted);
      default -> false;
    };
  }

  private static boolean same(String one, String other, boolean ignoreCase) {
    return fold(one, ignoreCase).equals(fold(other, ignoreCase));
  }

  private static String fold(String text, boolean ignoreCase) {
    return ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
  }
}
