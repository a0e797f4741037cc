package io.weir.firewall;

import io.weir.firewall.text.AhoCorasick;
import io.weir.firewall.text.LiteralMap;
import io.weir.firewall.text.Text;
import io.weir.firewall.text.TextMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds the conditions on one field that may hold for a text, without asking each. */
final class TextIndex {
  /*
   * Whole texts, starts and ends are looked up by a hash that is rolled over the text once in each
   * direction, at those lengths only that some condition has. Texts that may occur anywhere are
   * found by one pass of an automaton that ignores case; so are the literals of regular expressions.
   * What is found may hold: the condition is asked afterwards.
   */
  private final LiteralMap whole;
  private final boolean anyWhole;
  private final LiteralMap starts;
  private final int[] startLengths;
  private final LiteralMap ends;
  private final int[] endLengths;
  private final @Nullable AhoCorasick anywhere;

  TextIndex(List<? extends Condition.OnText> conditions) {
    Map<TextMatcher.Place, Map<String, List<Integer>>> places = new HashMap<>();
    for (Condition.OnText condition : conditions) {
      for (TextMatcher.Literal literal : literals(condition)) {
        boolean ignoresCase = literal.place() == TextMatcher.Place.ANYWHERE;
        String text = ignoresCase ? AhoCorasick.folded(literal.text()) : literal.text();
        places
            .computeIfAbsent(literal.place(), place -> new HashMap<>())
            .computeIfAbsent(text, same -> new ArrayList<>())
            .add(condition.number);
      }
    }
    Map<String, int[]> wholes = numbers(places.get(TextMatcher.Place.WHOLE));
    Map<String, int[]> prefixes = numbers(places.get(TextMatcher.Place.START));
    Map<String, int[]> suffixes = numbers(places.get(TextMatcher.Place.END));
    Map<String, int[]> inside = numbers(places.get(TextMatcher.Place.ANYWHERE));
    whole = new LiteralMap(wholes);
    anyWhole = !wholes.isEmpty();
    starts = new LiteralMap(prefixes);
    startLengths = lengths(prefixes);
    ends = new LiteralMap(reversed(suffixes));
    endLengths = lengths(suffixes);
    anywhere = inside.isEmpty() ? null : new AhoCorasick(inside, true);
  }

  void lookUp(Text text, Evaluation evaluation) {
    char[] chars = text.memory();
    int from = text.from();
    int to = text.to();
    int at = from;
    int hash = 0;
    for (int length : startLengths) {
      if (length > to - from) {
        break;
      }
      for (; at < from + length; at++) {
        hash = 31 * hash + chars[at];
      }
      reach(starts.get(chars, from, at, hash), evaluation);
    }
    if (anyWhole) {
      for (; at < to; at++) {
        hash = 31 * hash + chars[at];
      }
      reach(whole.get(chars, from, to, hash), evaluation);
    }
    if (endLengths.length > 0) {
      lookUpEnds(chars, from, to, evaluation);
    }
    AhoCorasick automaton = anywhere;
    if (automaton != null) {
      automaton.scan(chars, from, to, evaluation);
    }
  }

  private void lookUpEnds(char[] chars, int from, int to, Evaluation evaluation) {
    char[] backwards = evaluation.backwards(endLengths[endLengths.length - 1]);
    int at = 0;
    int hash = 0;
    for (int length : endLengths) {
      if (length > to - from) {
        break;
      }
      for (; at < length; at++) {
        backwards[at] = chars[to - 1 - at];
        hash = 31 * hash + backwards[at];
      }
      reach(ends.get(backwards, 0, length, hash), evaluation);
    }
  }

  private static void reach(int[] conditions, Evaluation evaluation) {
    for (int condition : conditions) {
      evaluation.reach(condition);
    }
  }

  private static List<TextMatcher.Literal> literals(Condition.OnText condition) {
    List<TextMatcher.Literal> literals = condition.matcher.literals();
    return literals == null ? List.of() : literals;
  }

  private static Map<String, int[]> numbers(@Nullable Map<String, List<Integer>> texts) {
    Map<String, int[]> numbers = new HashMap<>();
    if (texts != null) {
      texts.forEach((text, list) ->
          numbers.put(text, list.stream().mapToInt(Integer::intValue).distinct().toArray()));
    }
    return numbers;
  }

  private static int[] lengths(Map<String, int[]> texts) {
    TreeSet<Integer> lengths = new TreeSet<>();
    texts.keySet().forEach(text -> lengths.add(text.length()));
    return lengths.stream().mapToInt(Integer::intValue).toArray();
  }

  private static Map<String, int[]> reversed(Map<String, int[]> texts) {
    Map<String, int[]> reversed = new HashMap<>();
    texts.forEach(
        (text, numbers) -> reversed.put(reverse(text), Arrays.copyOf(numbers, numbers.length)));
    return reversed;
  }

  private static String reverse(String text) {
    char[] chars = new char[text.length()];
    for (int i = 0; i < chars.length; i++) {
      chars[i] = text.charAt(chars.length - 1 - i); // not StringBuilder: it keeps surrogates
    }
    return new String(chars);
  }
}
