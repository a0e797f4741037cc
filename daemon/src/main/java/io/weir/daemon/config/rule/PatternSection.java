package io.weir.daemon.config.rule;

import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Keys;
import io.weir.daemon.yaml.Node;
import io.weir.firewall.config.StringPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a text is compared with: the text itself, or a map that says how in words.
 *
 * @param kind what is compared
 * @param words the keys of the map
 */
record PatternSection(Kind kind, Keys words) {

  /** What is compared, and so how a plain text is read. */
  enum Kind {
    HOST,
    PATH,
    RAW_PATH,
    TEXT
  }

  private static final Keys WORDS =
      Keys.of("prefix", "suffix", "contains", "regex", "in", "contains_any");

  /** The words whose value is a part of what is compared. */
  private static final Set<String> TEXTS = Set.of("prefix", "suffix", "contains");

  static final PatternSection HOST = new PatternSection(Kind.HOST, WORDS);

  static final PatternSection PATH = new PatternSection(Kind.PATH, WORDS);

  static final PatternSection RAW_PATH = new PatternSection(Kind.RAW_PATH, WORDS);

  private static final Keys WORDS_AND_PRESENCE =
      Keys.of(Stream.concat(WORDS.known().stream(), Stream.of("present")).toArray(String[]::new));

  /** Of what a request may lack, and so may be asked for its presence. */
  static final PatternSection FIELD = new PatternSection(Kind.TEXT, WORDS_AND_PRESENCE);

  /** Of server names, which may be lacking too. */
  static final PatternSection SNI = new PatternSection(Kind.HOST, WORDS_AND_PRESENCE);

  List<StringPattern> read(Node node) {
    List<StringPattern> patterns = new ArrayList<>();
    for (Node item : node.list()) {
      if (item.isMap()) {
        patterns.addAll(inWords(item));
      } else {
        patterns.add(plain(item));
      }
    }
    return patterns;
  }

  private StringPattern plain(Node item) {
    String text = item.parsed(written -> written, "a text or a map", "");
    check(item);
    if (kind == Kind.HOST) {
      doubt(item, NeverMatches.nameOfHost(text));
    }
    return switch (kind) {
      case HOST -> StringPattern.ofHost(text);
      case PATH, RAW_PATH -> StringPattern.ofPath(text);
      case TEXT -> StringPattern.ofText(text);
    };
  }

  /** Complains about a plain text that nothing is equal to. */
  void check(Node item) {
    if (!item.isScalar()) {
      return;
    }
    String text = item.text("");
    refuse(
        item,
        switch (kind) {
          case HOST -> NeverMatches.host(text);
          case PATH, RAW_PATH -> NeverMatches.path(text);
          case TEXT -> NeverMatches.text(text);
        });
    if (kind == Kind.RAW_PATH) {
      refuse(item, NeverMatches.partOfRawPath(text));
    }
  }

  /** The same where nothing but the name of a host is taken. */
  static void checkHost(Node item) {
    HOST.check(item);
    if (item.isScalar()) {
      refuse(item, NeverMatches.nameOfHost(item.text("")));
    }
  }

  private static void refuse(Node node, @Nullable NeverMatches reason) {
    if (reason != null) {
      node.error(message(node, reason), reason.hint());
    }
  }

  private static void doubt(Node node, @Nullable NeverMatches reason) {
    if (reason != null) {
      node.warning(message(node, reason), reason.hint());
    }
  }

  private static String message(Node node, NeverMatches reason) {
    return node.key() + ": " + node.inWords() + Node.EXPECTED + reason.expected() + ")";
  }

  private List<StringPattern> inWords(Node node) {
    Fields pattern = node.fields(words);
    if (pattern.size() != 1) {
      node.error(
          node.key() + ": " + pattern.size() + " keys in a pattern (expected: one)",
          "a list of patterns matches if any does");
    }
    List<StringPattern> patterns = new ArrayList<>();
    for (String word : words.known()) {
      Node value = pattern.get(word);
      if (value != null) {
        value.list().forEach(text -> patterns.add(pattern(word, text)));
      }
    }
    return patterns;
  }

  private StringPattern pattern(String word, Node value) {
    if (word.equals("present")) {
      return new StringPattern.Present(value.bool(true));
    }
    String text = value.text("");
    if ((kind == Kind.PATH || kind == Kind.RAW_PATH) && word.equals("prefix")) {
      refuse(value, NeverMatches.beginOfPath(text));
    }
    if (kind == Kind.RAW_PATH && TEXTS.contains(word)) {
      refuse(value, NeverMatches.partOfRawPath(text));
    }
    return switch (word) {
      case "prefix" -> new StringPattern.Prefix(normal(text));
      case "suffix" -> new StringPattern.Suffix(normalEnd(text));
      case "contains" -> new StringPattern.Contains(normal(text));
      case "regex" -> new StringPattern.Regex(text);
      case "in" -> new StringPattern.InList(text);
      default -> new StringPattern.ContainsAny(text);
    };
  }

  /** The form in which such texts are compared. */
  private String normal(String text) {
    return kind == Kind.HOST ? text.toLowerCase(Locale.ROOT) : text;
  }

  /** Names of hosts are compared without the dot that may end them. */
  private String normalEnd(String text) {
    return kind == Kind.HOST ? StringPattern.withoutDot(normal(text)) : text;
  }
}
