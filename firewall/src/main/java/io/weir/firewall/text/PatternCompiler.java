package io.weir.firewall.text;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.weir.firewall.config.StringPattern;
import io.weir.firewall.list.CompiledLists;
import io.weir.firewall.path.PathMode;
import io.weir.firewall.path.PathText;
import io.weir.firewall.problem.Problems;
import io.weir.firewall.text.TextMatcher.Literal;
import io.weir.firewall.text.TextMatcher.Place;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles the patterns of conditions on texts. */
public final class PatternCompiler {
  /** How the texts of a field are spelled. */
  public enum Field {
    HOST,
    PATH,
    OTHER
  }

  private static final int[] FOUND = {0};

  /** Longer lists are asked themselves instead of putting their entries into an index. */
  private static final int LONG_LIST = 256;

  /** Characters; an index of its own for each condition on the list would hold them again. */
  private static final int LONG_TEXT = 1 << 16;

  private final CompiledLists lists;
  private final PathMode pathMode;
  private final Problems problems;
  private final Map<String, LiteralMap> sets = new HashMap<>();
  private final Map<String, AhoCorasick> automata = new HashMap<>();

  public PatternCompiler(CompiledLists lists, PathMode pathMode, Problems problems) {
    this.lists = lists;
    this.pathMode = pathMode;
    this.problems = problems;
  }

  /** What the patterns of one condition become. */
  private static final class Parts {
    final Set<String> exact = new LinkedHashSet<>();
    final Set<String> prefixes = new LinkedHashSet<>();
    final Set<String> inside = new LinkedHashSet<>();
    final List<TextPredicate> tests = new ArrayList<>();
    final List<Literal> literals = new ArrayList<>();
    boolean literalsKnown = true;
    boolean absence;
    int frequency;
  }

  public TextMatcher compile(List<StringPattern> patterns, Field field, String path) {
    Parts parts = new Parts();
    for (int i = 0; i < patterns.size(); i++) {
      add(patterns.get(i), field, patterns.size() == 1 ? path : path + "[" + i + "]", parts);
    }
    if (!parts.exact.isEmpty()) {
      parts.tests.add(equal(parts.exact));
    }
    if (!parts.prefixes.isEmpty()) {
      parts.tests.add(begins(parts.prefixes));
    }
    if (!parts.inside.isEmpty()) {
      parts.tests.add(new TextPredicate.Holds(new AhoCorasick(found(parts.inside), false)));
    }
    return new TextMatcher(
        parts.tests,
        parts.absence,
        Math.clamp(parts.frequency, 1, 1000),
        parts.literalsKnown ? List.copyOf(parts.literals) : null);
  }

  private void add(StringPattern pattern, Field field, String path, Parts parts) {
    switch (pattern) {
      case StringPattern.Exact(String text) -> addExact(spell(text, field), parts);
      case StringPattern.Prefix(String text) -> addPrefix(spell(text, field), parts);
      case StringPattern.Below(String text) -> {
        addExact(spell(text, field), parts);
        addPrefix(spell(text, field) + "/", parts);
      }
      case StringPattern.Suffix(String text) -> {
        String spelled = spell(text, field);
        parts.tests.add(new TextPredicate.Ends(spelled.toCharArray()));
        parts.literals.add(new Literal(Place.END, spelled));
        parts.frequency += spelled.isEmpty() ? 1000 : 20;
      }
      case StringPattern.Contains(String text) -> addContains(spell(text, field), parts);
      case StringPattern.Regex(String expression) -> addRegex(expression, field, path, parts);
      case StringPattern.InList(String list) -> addSet(list, field, path, parts);
      case StringPattern.ContainsAny(String list) -> addContainsAny(list, field, path, parts);
      case StringPattern.Present(boolean present) -> {
        if (present) {
          addPrefix("", parts);
          parts.frequency -= 700; // not every request has the field
        } else {
          parts.absence = true;
          parts.literalsKnown = false;
          parts.frequency += 500;
        }
      }
    }
  }

  private static void addExact(String text, Parts parts) {
    parts.exact.add(text);
    parts.literals.add(new Literal(Place.WHOLE, text));
    parts.frequency += 1;
  }

  private static void addPrefix(String text, Parts parts) {
    parts.prefixes.add(text);
    parts.literals.add(new Literal(Place.START, text));
    parts.frequency += text.length() < 2 ? 1000 : text.length() < 4 ? 100 : 5;
  }

  private static void addContains(String text, Parts parts) {
    if (text.isEmpty()) {
      addPrefix("", parts);
      return;
    }
    parts.inside.add(text);
    parts.literals.add(new Literal(Place.ANYWHERE, text));
    parts.frequency += 10;
  }

  private void addRegex(String expression, Field field, String path, Parts parts) {
    Pattern compiled = regex(expression, field, path);
    if (compiled == null) {
      return;
    }
    parts.tests.add(new TextPredicate.Found(compiled));
    List<String> literals = RegexLiterals.of(expression, field == Field.HOST);
    if (literals == null) {
      parts.literalsKnown = false;
      parts.frequency += 300;
      return;
    }
    literals.forEach(literal -> parts.literals.add(new Literal(Place.ANYWHERE, literal)));
    parts.frequency += 20;
  }

  private @Nullable Pattern regex(String expression, Field field, String path) {
    try {
      return Pattern.compile(expression, field == Field.HOST ? Pattern.CASE_INSENSITIVE : 0);
    } catch (PatternSyntaxException e) {
      problems.add(path, "regex: \"" + expression + "\": " + reason(expression, e));
      return null;
    }
  }

  private static String reason(String expression, PatternSyntaxException e) {
    for (String lookAround : List.of("(?=", "(?!", "(?<=", "(?<!")) {
      if (expression.contains(lookAround)) {
        return "look-around (" + lookAround + ") is not available: it has no linear time";
      }
    }
    if (java.util.regex.Pattern.compile("\\\\[1-9]").matcher(expression).find()) {
      return "back-references are not available: they have no linear time";
    }
    return e.getDescription() + (e.getPattern().isEmpty() ? "" : ": " + e.getPattern());
  }

  private void addSet(String list, Field field, String path, Parts parts) {
    List<String> entries = entries(list, field, path);
    if (!isLong(entries)) {
      entries.forEach(entry -> addExact(entry, parts));
      return;
    }
    LiteralMap set =
        sets.computeIfAbsent(
            field + list, key -> new LiteralMap(found(new LinkedHashSet<>(entries))));
    parts.tests.add(new TextPredicate.OneOf(set));
    parts.literalsKnown = false;
    parts.frequency += 20;
  }

  private void addContainsAny(String list, Field field, String path, Parts parts) {
    List<String> entries = entries(list, field, path);
    if (!isLong(entries)) {
      entries.forEach(entry -> addContains(entry, parts));
      return;
    }
    AhoCorasick automaton =
        automata.computeIfAbsent(
            field + list, key -> new AhoCorasick(found(new LinkedHashSet<>(entries)), false));
    parts.tests.add(new TextPredicate.Holds(automaton));
    parts.literalsKnown = false;
    parts.frequency += 50;
  }

  private static boolean isLong(List<String> entries) {
    return entries.size() > LONG_LIST
        || entries.stream().mapToLong(String::length).sum() > LONG_TEXT;
  }

  private List<String> entries(String list, Field field, String path) {
    return lists.texts(list, path).stream().map(entry -> spell(entry, field)).toList();
  }

  /** The text as requests bring it: bytes of UTF-8 as Latin-1, in the spelling of the field. */
  private String spell(String text, Field field) {
    return switch (field) {
      case PATH -> PathText.pattern(text, pathMode);
      case HOST -> PathText.pattern(text.toLowerCase(Locale.ROOT), PathMode.OFF);
      case OTHER -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    };
  }

  private static TextPredicate equal(Set<String> texts) {
    return texts.size() == 1
        ? new TextPredicate.Equal(texts.iterator().next().toCharArray())
        : new TextPredicate.OneOf(new LiteralMap(found(texts)));
  }

  private static TextPredicate begins(Set<String> texts) {
    if (texts.contains("")) {
      return new TextPredicate.Everything();
    }
    return texts.size() == 1
        ? new TextPredicate.Begins(texts.iterator().next().toCharArray())
        : TextPredicate.BeginsWithOneOf.of(found(texts));
  }

  private static Map<String, int[]> found(Set<String> texts) {
    Map<String, int[]> found = new HashMap<>();
    texts.forEach(text -> found.put(text, FOUND));
    return found;
  }
}
