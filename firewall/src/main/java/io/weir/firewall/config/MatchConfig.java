package io.weir.firewall.config;

import io.weir.firewall.address.Cidr;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

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

  /** The path as it came matches one of the patterns; only one spelling of many, so with care. */
  record RawPath(List<StringPattern> patterns) implements MatchConfig {
    public RawPath {
      patterns = Checks.patterns("raw_path", patterns);
    }
  }

  /** Any cookie of that name, in any {@code Cookie} line, matches one of the patterns. */
  record Cookie(String name, List<StringPattern> patterns) implements MatchConfig {
    public Cookie {
      Checks.notBlank("cookie", name);
      patterns = Checks.patterns("cookie", patterns);
    }
  }

  /** The version of HTTP is one of these: {@code http/1.0}, {@code http/1.1}, {@code h2}. */
  record Protocol(Set<String> names) implements MatchConfig {
    private static final List<String> KNOWN = List.of("http/1.0", "http/1.1", "h2");

    public Protocol {
      names = Checks.words("protocol", names, KNOWN);
    }
  }

  /** The connection is encrypted with one of these versions of TLS: {@code 1.2}, {@code 1.3}. */
  record TlsVersion(Set<String> versions) implements MatchConfig {
    private static final List<String> KNOWN = List.of("1.2", "1.3");

    public TlsVersion {
      versions = Checks.words("version", versions, KNOWN);
    }
  }

  /** The server name that the client asked for in TLS matches one of the patterns. */
  record ServerName(List<StringPattern> patterns) implements MatchConfig {
    public ServerName {
      patterns = Checks.patterns("sni", patterns);
    }
  }

  /** The subject of the client's certificate (RFC 2253) matches one of the patterns. */
  record ClientSubject(List<StringPattern> patterns) implements MatchConfig {
    public ClientSubject {
      patterns = Checks.patterns("client_subject", patterns);
    }
  }

  /** The JA4 fingerprint of the client's TLS matches one of the patterns. */
  record Ja4(List<StringPattern> patterns) implements MatchConfig {
    private static final Pattern SHAPE =
        Pattern.compile("[tqd][0-9sd][0-9][di][0-9]{4}[0-9A-Za-z]{2}(_[0-9a-f]{12}){2}");

    public Ja4 {
      patterns = Checks.patterns("ja4", patterns);
      for (StringPattern pattern : patterns) {
        Checks.check(
            !(pattern instanceof StringPattern.Exact(String text)) || SHAPE.matcher(text).matches(),
            "ja4",
            pattern instanceof StringPattern.Exact(String text) ? '"' + text + '"' : pattern,
            "a fingerprint like t13d1516h2_8daaf6152771_e5627efa2ab1, or the beginning of one with"
                + " * behind it");
      }
    }
  }

  /** The request took one of the routes with these names. */
  record Route(Set<String> names) implements MatchConfig {
    public Route {
      names = Collections.unmodifiableSet(new LinkedHashSet<>(names));
      Checks.check(!names.isEmpty(), "route", "[]", "at least one route");
    }
  }

  /** The time of the week is in the schedule. */
  record Time(WeekTimes times) implements MatchConfig {}

  /**
   * The backend's answer had one of these statuses; only in limits, and not below {@code not} or
   * {@code any}: the limit then counts answers.
   */
  record ResponseStatus(List<StatusRange> ranges) implements MatchConfig {
    public ResponseStatus {
      ranges = List.copyOf(ranges);
      Checks.check(!ranges.isEmpty(), "response_status", "[]", "at least one status");
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
