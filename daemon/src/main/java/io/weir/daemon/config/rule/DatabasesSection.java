package io.weir.daemon.config.rule;

import com.maxmind.db.InvalidDatabaseException;
import io.weir.daemon.config.rule.GeoDatabase.Kind;
import io.weir.daemon.problem.NamedFiles;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.FileText;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.list.ListConfig;
import io.weir.firewall.list.ListSource;
import io.weir.firewall.list.ListType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code firewall.databases}, and makes of it a list of addresses for every country and
 * network that rules and routes ask for.
 */
final class DatabasesSection {
  /*
   * A database is not asked about each client: what rules want of it is known when they are read, so
   * its networks become lists like any other. Then a country costs what a list does, is known
   * before TLS, and takes no memory but for the countries that are asked for.
   */
  private static final Keys KEYS = Keys.of("country", "asn");
  private static final int MAX_FILE = 256 << 20; // those of cities, which know countries too
  private static final String COUNTRY = "two capital letters, like DE";
  private static final String ASN = "the number of a network, like 64496";
  private static final long LAST_ASN = 0xffff_ffffL;

  private DatabasesSection() {}

  /** The names of the lists that a {@code country} or an {@code asn} of a match stands for. */
  static MatchConfig match(Kind kind, Node node) {
    Set<String> lists = new LinkedHashSet<>();
    for (Node item : node.list()) {
      String value =
          kind == Kind.COUNTRY
              ? item.parsed(DatabasesSection::country, COUNTRY)
              : item.parsed(DatabasesSection::asn, ASN);
      if (value != null) {
        lists.add(kind.list(value));
      }
    }
    return new MatchConfig.Ip(List.of(), List.copyOf(lists));
  }

  private static String country(String text) {
    if (!text.matches("[A-Z]{2}")) {
      throw new IllegalArgumentException('"' + text + "\" (expected: " + COUNTRY + ")");
    }
    return text;
  }

  private static String asn(String text) {
    String digits = text.startsWith("AS") ? text.substring(2) : text;
    if (!digits.matches("[1-9][0-9]{0,9}") || Long.parseLong(digits) > LAST_ASN) {
      throw new IllegalArgumentException('"' + text + "\" (expected: " + ASN + ")");
    }
    return digits;
  }

  /** The lists, and those that matches ask the databases for. */
  static Map<String, ListConfig> lists(
      @Nullable Node node, List<MatchConfig> matches, Map<String, ListConfig> lists) {
    if (node == null) {
      return lists;
    }
    Fields databases = node.fields(KEYS);
    Map<String, ListConfig> all = new LinkedHashMap<>(lists);
    for (Kind kind : Kind.values()) {
      Node file = databases.get(kind.key());
      if (file != null) {
        Set<String> values = new LinkedHashSet<>();
        matches.forEach(match -> addValues(kind, match, values));
        networks(kind, file, values)
            .forEach((value, prefixes) -> all.putIfAbsent(kind.list(value), list(file, prefixes)));
      }
    }
    return all;
  }

  private static ListConfig list(Node file, List<Cidr> prefixes) {
    return new ListConfig(
        ListType.ADDRESSES, new ListSource.Prefixes(String.valueOf(file.file()), prefixes));
  }

  private static void addValues(Kind kind, MatchConfig match, Set<String> values) {
    switch (match) {
      case MatchConfig.All(var parts) -> parts.forEach(part -> addValues(kind, part, values));
      case MatchConfig.Any(var parts) -> parts.forEach(part -> addValues(kind, part, values));
      case MatchConfig.Not(var part) -> addValues(kind, part, values);
      case MatchConfig.Ip(var prefixes, var names) -> {
        String prefix = kind.list("");
        for (String name : names) {
          if (name.startsWith(prefix)) {
            values.add(name.substring(prefix.length()));
          }
        }
      }
      default -> {}
    }
  }

  private static Map<String, List<Cidr>> networks(Kind kind, Node file, Set<String> values) {
    Map<String, List<Cidr>> none = new LinkedHashMap<>();
    values.forEach(value -> none.put(value, List.of()));
    Path path = file.file();
    if (path == null) {
      return none;
    }
    NamedFiles files = file.problems().files();
    files.names(file.path(), path);
    Networks networks = files.asBefore(path, kind.key(), Networks.class);
    if (networks == null) {
      networks = read(kind, file, path, values);
    }
    if (networks == null) {
      return none;
    }
    files.wasRead(path, kind.key(), networks);
    return networks.of;
  }

  /** What is kept of a file that may be a hundred times as large. */
  private record Networks(Map<String, List<Cidr>> of) {}

  private static @Nullable Networks read(Kind kind, Node file, Path path, Set<String> values) {
    try (InputStream content = FileText.stream(file, path, MAX_FILE)) {
      return content == null ? null : new Networks(GeoDatabase.networks(content, kind, values));
    } catch (InvalidDatabaseException e) {
      file.error(
          kind.key()
              + ": "
              + file.inWords()
              + " is no database in MaxMind's format (.mmdb): "
              + e.getMessage(),
          null);
      return null;
    } catch (IOException e) {
      FileText.unreadable(file, path, e);
      return null;
    }
  }
}
