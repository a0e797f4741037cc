package io.weir.daemon.config;

import io.weir.firewall.StringPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Reads what a text is compared with: the text itself, or a map that says how in words.
 *
 * @param shorthand what a plain text means
 * @param normal the form in which such texts are compared
 * @param words the keys of the map
 */
record PatternSection(
    Function<String, StringPattern> shorthand, UnaryOperator<String> normal, Keys words) {

  private static final Keys WORDS =
      Keys.of("prefix", "suffix", "contains", "regex", "in", "contains_any");

  static final PatternSection HOST =
      new PatternSection(StringPattern::ofHost, text -> text.toLowerCase(Locale.ROOT), WORDS);

  static final PatternSection PATH =
      new PatternSection(StringPattern::ofPath, UnaryOperator.identity(), WORDS);

  private static final Keys WORDS_AND_PRESENCE =
      new Keys(Stream.concat(WORDS.known().stream(), Stream.of("present")).toList(), List.of());

  /** Of what a request may lack, and so may be asked for its presence. */
  static final PatternSection FIELD =
      new PatternSection(StringPattern::ofText, UnaryOperator.identity(), WORDS_AND_PRESENCE);

  /** Of server names, which may be lacking too. */
  static final PatternSection SNI =
      new PatternSection(
          StringPattern::ofHost, text -> text.toLowerCase(Locale.ROOT), WORDS_AND_PRESENCE);

  List<StringPattern> read(Node node) {
    List<StringPattern> patterns = new ArrayList<>();
    for (Node item : node.list()) {
      if (item.isMap()) {
        patterns.addAll(inWords(item));
      } else {
        patterns.add(item.parsed(shorthand, "a text or a map", new StringPattern.Exact("")));
      }
    }
    return patterns;
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
    return switch (word) {
      case "prefix" -> new StringPattern.Prefix(normal.apply(text));
      case "suffix" -> new StringPattern.Suffix(normal.apply(text));
      case "contains" -> new StringPattern.Contains(normal.apply(text));
      case "regex" -> new StringPattern.Regex(text);
      case "in" -> new StringPattern.InList(text);
      default -> new StringPattern.ContainsAny(text);
    };
  }
}
