package io.weir.daemon.config.rule;

import io.weir.daemon.config.rule.GeoDatabase.Kind;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.HttpToken;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.StatusRange;
import io.weir.firewall.config.StringPattern;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads {@code match:} of a rule: all keys must hold, and of a list any item. */
public final class MatchSection {
  private static final Keys KEYS =
      Keys.of(
          "ip",
          "method",
          "host",
          "path",
          "raw_path",
          "query",
          "header",
          "cookie",
          "listener",
          "route",
          "protocol",
          "tls",
          "time",
          "response_status",
          "country",
          "asn",
          "not",
          "any");
  private static final Keys IP = Keys.of("in");
  private static final Keys TLS = Keys.of("version", "sni", "client_subject", "ja4");

  /** The methods of RFC 9110 and RFC 5789: written in another case, they would never match. */
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

  private MatchSection() {}

  static MatchConfig read(Node node) {
    if (node.isEmpty()) {
      node.error(
          "match: nothing (expected: at least one condition)",
          "leave match out to match everything");
      return MatchConfig.ALWAYS;
    }
    Fields match = node.fields(KEYS);
    List<MatchConfig> all = conditions(match);
    add(all, match.get("route"), names -> new MatchConfig.Route(words(names)));
    add(all, match.get("response_status"), MatchSection::statuses);
    if (node.isMap() && match.isEmpty()) {
      node.error(
          "match: an empty map (expected: at least one condition)",
          "leave match out to match everything");
    }
    return all.size() == 1 ? all.getFirst() : new MatchConfig.All(all);
  }

  /** What those keys say that routes have, too, one condition each. */
  public static List<MatchConfig> conditions(Fields match) {
    List<MatchConfig> all = new ArrayList<>();
    add(all, match.get("ip"), MatchSection::ip);
    add(all, match.get("listener"), names -> new MatchConfig.Listener(words(names)));
    add(all, match.get("method"), MatchSection::method);
    add(all, match.get("host"), MatchSection::host);
    add(all, match.get("path"), MatchSection::path);
    doubtNames(match.get("cookie"), MatchSection::isCookie, "a name without = and ; in it");
    doubtNames(match.get("header"), HttpToken::is, "the name of a header field");
    addNamed(all, match.get("query"), MatchConfig.Query::new);
    addNamed(all, match.get("cookie"), MatchConfig.Cookie::new);
    addNamed(all, match.get("header"), MatchConfig.Header::new);
    add(all, match.get("country"), codes -> DatabasesSection.match(Kind.COUNTRY, codes));
    add(all, match.get("asn"), numbers -> DatabasesSection.match(Kind.ASN, numbers));
    add(all, match.get("any"), MatchSection::any);
    add(all, match.get("not"), not -> new MatchConfig.Not(read(not)));
    add(
        all,
        match.get("raw_path"),
        raw -> new MatchConfig.RawPath(PatternSection.RAW_PATH.read(raw)));
    add(all, match.get("protocol"), names -> new MatchConfig.Protocol(words(names)));
    addTls(all, match.get("tls"));
    add(all, match.get("time"), TimeSection::read);
    return all;
  }

  /** Complains about a plain text, in a place for paths, that no path is equal to. */
  public static void checkPath(Node node) {
    PatternSection.PATH.check(node);
  }

  /** The same of hosts. */
  public static void checkHost(Node node) {
    PatternSection.checkHost(node);
  }

  /** Adds what the node says, unless it says nothing usable: the complaint is made by then. */
  private static void add(
      List<MatchConfig> all, @Nullable Node node, Function<Node, MatchConfig> reader) {
    if (node == null) {
      return;
    }
    MatchConfig match = node.refusable(() -> reader.apply(node), null);
    if (match != null) {
      all.add(match);
    }
  }

  private static MatchConfig ip(Node node) {
    List<Cidr> prefixes = new ArrayList<>();
    List<String> lists = new ArrayList<>();
    for (Node item : node.list()) {
      if (item.isMap()) {
        Node names = item.fields(IP).require("in", "the name of a list");
        if (names != null) {
          names.list().forEach(name -> lists.add(name.text("")));
        }
        continue;
      }
      Cidr prefix = item.parsed(Cidr::parse, "an address or a prefix, like 192.0.2.0/24");
      if (prefix != null) {
        prefixes.add(prefix);
      }
    }
    return new MatchConfig.Ip(prefixes, lists);
  }

  private static Set<String> words(Node node) {
    Set<String> words = new LinkedHashSet<>();
    node.list().forEach(word -> words.add(word.text("")));
    return words;
  }

  private static void addTls(List<MatchConfig> all, @Nullable Node node) {
    if (node == null) {
      return;
    }
    Fields tls = node.fields(TLS);
    if (tls.isEmpty()) {
      node.wrong("a map with version, sni, client_subject or ja4");
    }
    add(all, tls.get("version"), version -> new MatchConfig.TlsVersion(words(version)));
    add(all, tls.get("sni"), sni -> new MatchConfig.ServerName(PatternSection.SNI.read(sni)));
    add(
        all,
        tls.get("client_subject"),
        subject -> new MatchConfig.ClientSubject(PatternSection.FIELD.read(subject)));
    add(all, tls.get("ja4"), ja4 -> new MatchConfig.Ja4(PatternSection.FIELD.read(ja4)));
  }

  private static MatchConfig statuses(Node node) {
    List<StatusRange> ranges = new ArrayList<>();
    for (Node item : node.list()) {
      StatusRange range = item.parsed(StatusRange::parse, "404 or 400-499");
      if (range != null) {
        ranges.add(range);
      }
    }
    return new MatchConfig.ResponseStatus(ranges);
  }

  private static MatchConfig method(Node node) {
    Set<String> methods = new LinkedHashSet<>();
    for (Node item : node.list()) {
      String method = item.text("");
      String upper = method.toUpperCase(Locale.ROOT);
      if (!method.equals(upper) && METHODS.contains(upper)) {
        item.error(
            "method: \"" + method + "\" (expected: methods are case-sensitive)",
            "did you mean \"" + upper + "\"?");
      }
      if (item.isScalar() && !HttpToken.is(method)) {
        item.warning("method: \"" + method + "\" (expected: a method, like GET)", null);
      }
      methods.add(method);
    }
    return new MatchConfig.Method(methods);
  }

  private static MatchConfig host(Node node) {
    return new MatchConfig.Host(PatternSection.HOST.read(node));
  }

  private static MatchConfig path(Node node) {
    return new MatchConfig.Path(PatternSection.PATH.read(node));
  }

  private static MatchConfig any(Node node) {
    return new MatchConfig.Any(node.list().stream().map(MatchSection::read).toList());
  }

  private static void addNamed(List<MatchConfig> all, @Nullable Node node, Named condition) {
    if (node == null) {
      return;
    }
    if (node.named().isEmpty()) {
      node.wrong("names and what their values must be");
    }
    node.named()
        .forEach((name, value) -> {
          try { // the name alone, or what is wrong with it would be told of the value
            condition.of(name, List.of(new StringPattern.Present(true)));
          } catch (IllegalArgumentException badName) {
            value.error(String.valueOf(badName.getMessage()), null);
          }
          add(all, value, ignored -> condition.of(name, PatternSection.FIELD.read(value)));
        });
  }

  /** Says which names no request has: such a condition may still be one of several, or negated. */
  private static void doubtNames(@Nullable Node node, Predicate<String> isName, String expected) {
    if (node == null) {
      return;
    }
    node.named()
        .forEach((name, value) -> {
          if (!name.isBlank() && !isName.test(name)) {
            value.warning(node.key() + ": \"" + name + '"' + Node.EXPECTED + expected + ")", null);
          }
        });
  }

  /** Wider than a token, as cookies are sent: what ends a name in a line is in none. */
  private static boolean isCookie(String name) {
    return name.strip().equals(name)
        && name.chars().noneMatch(c -> c == '=' || c == ';' || c < ' ' || c == 0x7f);
  }

  /** A condition on the value of a named field. */
  @FunctionalInterface
  private interface Named {
    MatchConfig of(String name, List<StringPattern> patterns);
  }
}
