package io.weir.firewall;

import io.weir.firewall.address.Cidr;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** When a rule matches. */
public sealed interface MatchConfig {
  /** Every request and every connection. */
  MatchConfig ALWAYS = new All(List.of());

  /** All of them hold; always true if there are none. */
  record All(List<MatchConfig> matches) implements MatchConfig {
    public All {
      matches = List.copyOf(matches);
    }
  }

  /** At least one of them holds. */
  record Any(List<MatchConfig> matches) implements MatchConfig {
    public Any {
      matches = List.copyOf(matches);
      Checks.check(!matches.isEmpty(), "any", "[]", "at least one match");
    }
  }

  /** It does not hold. */
  record Not(MatchConfig match) implements MatchConfig {}

  /** The client's address is in one of the prefixes or in one of the lists of addresses. */
  record Ip(List<Cidr> prefixes, List<String> lists) implements MatchConfig {
    public Ip {
      prefixes = List.copyOf(prefixes);
      lists = List.copyOf(lists);
      Checks.check(
          !prefixes.isEmpty() || !lists.isEmpty(), "ip", "[]", "at least one prefix or list");
    }
  }

  /** The method is one of these; methods are case-sensitive (RFC 9110 §9.1). */
  record Method(Set<String> methods) implements MatchConfig {
    public Method {
      methods = Collections.unmodifiableSet(new LinkedHashSet<>(methods));
      Checks.check(!methods.isEmpty(), "method", "[]", "at least one method");
    }
  }

  /** The host (without port, in any case) matches one of the patterns. */
  record Host(List<StringPattern> patterns) implements MatchConfig {
    public Host {
      patterns = Checks.patterns("host", patterns);
    }
  }

  /** The path matches one of the patterns. */
  record Path(List<StringPattern> patterns) implements MatchConfig {
    public Path {
      patterns = Checks.patterns("path", patterns);
    }
  }

  /** Any occurrence of the query parameter matches one of the patterns; compared decoded. */
  record Query(String name, List<StringPattern> patterns) implements MatchConfig {
    public Query {
      Checks.notBlank("query", name);
      patterns = Checks.patterns("query", patterns);
    }
  }

  /**
   * Any line of that name matches one of the patterns.
   *
   * @param name kept in lower case
   */
  record Header(String name, List<StringPattern> patterns) implements MatchConfig {
    public Header {
      Checks.notBlank("header", name);
      name = name.toLowerCase(Locale.ROOT);
      patterns = Checks.patterns("header", patterns);
    }
  }

  /** The request or connection came in through one of these listeners. */
  record Listener(Set<String> names) implements MatchConfig {
    public Listener {
      names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
      Checks.check(!names.isEmpty(), "listener", "[]", "at least one listener");
    }
  }
}
