package io.weir.firewall;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.MatchWords;
import io.weir.firewall.config.StringPattern;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** What a match asks for, in 64 bits, so that most that cannot cover each other are told apart. */
final class MatchShape {
  /*
   * Whatever covers another match asks for nothing that the other one does not ask for, too: not for
   * another field, and where it wants one text, or all that lies in one place, the other one wants
   * the same or something in it. Each of these is a bit by its hash, so a match may seem to cover
   * another one and not do so, but never the other way round: MatchCover has the last word.
   */
  private MatchShape() {}

  /** What has to be among the offers of whatever this match covers. */
  static long needs(MatchConfig wide) {
    return switch (wide) {
      case MatchConfig.All(var parts) -> any(parts, MatchShape::needs);
      case MatchConfig.Any(var parts) -> common(parts, MatchShape::needs);
      case MatchConfig.Not ignored -> bit("not", 0);
      default -> bit(MatchWords.field(wide), 0) | neededValue(wide);
    };
  }

  /** What this match asks for, in each of the ways in which it may be said. */
  static long offers(MatchConfig narrow) {
    return switch (narrow) {
      case MatchConfig.All(var parts) -> any(parts, MatchShape::offers);
      case MatchConfig.Any(var parts) -> common(parts, MatchShape::offers);
      case MatchConfig.Not ignored -> bit("not", 0);
      case MatchConfig.Ip(var prefixes, var lists) ->
          bit("ip", 0)
              | any(prefixes, prefix -> top(prefix, 8) | top(prefix, 16) | top(prefix, 32));
      default ->
          bit(MatchWords.field(narrow), 0)
              | any(patterns(narrow), pattern -> exact(pattern) | place(pattern));
    };
  }

  /** Whether a match of these needs may cover one of these offers. */
  static boolean mayCover(long needs, long offers) {
    return (needs & ~offers) == 0;
  }

  /** How many texts and prefixes it names; at least 1. */
  static int size(MatchConfig match) {
    return switch (match) {
      case MatchConfig.All(var parts) ->
          Math.max(1, parts.stream().mapToInt(MatchShape::size).sum());
      case MatchConfig.Any(var parts) ->
          Math.max(1, parts.stream().mapToInt(MatchShape::size).sum());
      case MatchConfig.Not(var part) -> size(part);
      case MatchConfig.Ip(var prefixes, var lists) -> Math.max(1, prefixes.size());
      default -> Math.max(1, patterns(match).size());
    };
  }

  private static <T> long any(List<T> parts, ToLongFunction<T> bits) {
    return parts.stream().mapToLong(bits).reduce(0, (one, other) -> one | other);
  }

  private static <T> long common(List<T> parts, ToLongFunction<T> bits) {
    return parts.stream().mapToLong(bits).reduce(-1, (one, other) -> one & other);
  }

  /** Of one value only: of several it might be any. */
  private static long neededValue(MatchConfig wide) {
    if (wide instanceof MatchConfig.Ip(var prefixes, var lists)) {
      return prefixes.size() == 1 && lists.isEmpty() ? neededTop(prefixes.getFirst()) : 0;
    }
    List<StringPattern> patterns = patterns(wide);
    if (patterns.size() != 1) {
      return 0;
    }
    return switch (patterns.getFirst()) {
      case StringPattern.Exact exact -> exact(exact);
      case StringPattern.Below(var path) -> path.isEmpty() ? 0 : place(path); // empty: all paths
      default -> 0;
    };
  }

  private static long neededTop(Cidr prefix) {
    long all = top(prefix, 32);
    long half = all == 0 ? top(prefix, 16) : all;
    return half == 0 ? top(prefix, 8) : half;
  }

  /** The first bits of a prefix of IPv4; none if it is shorter. */
  private static long top(Cidr prefix, int bits) {
    return prefix.network().isV6() || prefix.length() < bits
        ? 0
        : bit("top" + bits, (int) prefix.network().low() >>> (32 - bits));
  }

  private static List<StringPattern> patterns(MatchConfig match) {
    return switch (match) {
      case MatchConfig.Host(var patterns) -> patterns;
      case MatchConfig.Path(var patterns) -> patterns;
      case MatchConfig.RawPath(var patterns) -> patterns;
      case MatchConfig.ServerName(var patterns) -> patterns;
      case MatchConfig.ClientSubject(var patterns) -> patterns;
      case MatchConfig.Ja4(var patterns) -> patterns;
      case MatchConfig.Header(var name, var patterns) -> patterns;
      case MatchConfig.Query(var name, var patterns) -> patterns;
      case MatchConfig.Cookie(var name, var patterns) -> patterns;
      default -> List.of();
    };
  }

  private static long exact(StringPattern pattern) {
    return pattern instanceof StringPattern.Exact(var text)
        ? bit("exact", text.toLowerCase(Locale.ROOT).hashCode())
        : 0;
  }

  /** The first part of a path, up to its second slash. */
  private static long place(StringPattern pattern) {
    return switch (pattern) {
      case StringPattern.Exact(var text) -> place(text);
      case StringPattern.Prefix(var text) -> place(text);
      case StringPattern.Below(var path) -> place(path);
      default -> 0;
    };
  }

  private static long place(String path) {
    int slash = path.indexOf('/', 1);
    return bit(
        "place",
        path.substring(0, slash < 0 ? path.length() : slash).toLowerCase(Locale.ROOT).hashCode());
  }

  private static long bit(String kind, int value) {
    int hash = (31 * kind.hashCode() + value) * 0x9e3779b9;
    return 1L << (hash >>> 26);
  }
}
