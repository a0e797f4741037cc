package io.weir.firewall.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds texts of which one must occur wherever a regular expression does. */
final class RegexLiterals {
  /*
   * A small reader of RE2 syntax that only understands what surely must occur, and takes everything
   * else for a gap: of a sequence the best run of plain characters or the best group, of
   * alternatives the texts of all of them. Null means that nothing is sure: so it is of a brace or
   * a bracket that nothing closes as it should, which RE2 takes for plain characters and which may
   * hide a bar or a parenthesis. Those who search for the texts ignore the case of ASCII. An expression that ignores case itself takes the Kelvin sign
   * for a k and the long s for an s, so there these two are gaps.
   */
  private static final int SHORTEST = 2; // a single character occurs everywhere

  private static final Pattern IGNORES_CASE = Pattern.compile("\\(\\?[a-zA-Z]*i");
  private static final Pattern COUNT = Pattern.compile("\\{[0-9]+(?:,[0-9]*)?}");
  private static final Pattern NAMED_CLASS = Pattern.compile("\\[:\\^?[a-z]+:]");
  private static final Pattern BRACED = Pattern.compile("\\{[^{}]*}"); // a code point, a script
  private static final Pattern GROUP_NAME = Pattern.compile("<[^<>()]*>");

  private final String regex;
  private final boolean ignoresCase;
  private int at;

  private RegexLiterals(String regex, boolean ignoresCase) {
    this.regex = regex;
    this.ignoresCase = ignoresCase;
  }

  /**
   * The texts, at least two characters each, ASCII only; null if nothing is sure.
   *
   * @param ignoreCase whether the expression is compiled so; else its own flags say
   */
  static @Nullable List<String> of(String regex, boolean ignoreCase) {
    if (regex.contains("\\Q") || regex.chars().anyMatch(c -> c >= 0x80)) {
      return null;
    }
    RegexLiterals reader =
        new RegexLiterals(regex, ignoreCase || IGNORES_CASE.matcher(regex).find());
    try {
      List<String> found = reader.alternatives();
      return reader.at == regex.length() ? found : null;
    } catch (StringIndexOutOfBoundsException e) {
      return null; // it ends in the middle of something: not ours to judge
    }
  }

  private @Nullable List<String> alternatives() {
    List<String> all = sequence();
    while (at < regex.length() && regex.charAt(at) == '|') {
      at++;
      List<String> more = sequence();
      if (all == null || more == null) {
        all = null;
        continue;
      }
      all = new ArrayList<>(all);
      all.addAll(more);
    }
    return all;
  }

  private @Nullable List<String> sequence() {
    List<String> best = null;
    StringBuilder run = new StringBuilder();
    while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
      char c = regex.charAt(at);
      if (c == '(') {
        best = better(best, ended(run));
        List<String> group = group();
        best = isOptional() ? best : better(best, group);
        continue;
      }
      int literal = literal();
      boolean optional = isOptional();
      boolean repeated = !optional && at < regex.length() && regex.charAt(at) == '+';
      if (repeated) {
        at++;
        skipLazy();
      }
      if (literal >= 0 && !optional) {
        run.append((char) literal);
      }
      if (literal < 0 || optional || repeated) {
        best = better(best, ended(run));
      }
    }
    return better(best, ended(run));
  }

  private @Nullable List<String> group() {
    at++;
    if (regex.charAt(at) == '?') {
      int colon = at + 1;
      while (Character.isLetter(regex.charAt(colon)) || regex.charAt(colon) == '-') {
        colon++;
      }
      char end = regex.charAt(colon);
      if (end == '<') { // a name
        at = colon;
        skip(GROUP_NAME);
        return inside();
      } else if (end == ')') { // flags for what follows
        at = colon + 1;
        if (at < regex.length() && "*+?{".indexOf(regex.charAt(at)) >= 0) {
          throw new StringIndexOutOfBoundsException(at); // it would repeat what is before the flags
        }
        return null;
      }
      at = colon + 1;
    }
    return inside();
  }

  private @Nullable List<String> inside() {
    List<String> inside = alternatives();
    if (regex.charAt(at) != ')') {
      throw new StringIndexOutOfBoundsException(at);
    }
    at++;
    return inside;
  }

  /** The character at this place, or -1 if it is not one certain character; goes past it. */
  private int literal() {
    char c = regex.charAt(at++);
    return switch (c) {
      case '\\' -> escape();
      case '[' -> {
        skipClass();
        yield -1;
      }
      case '.', '^', '$', '*', '?', '+', '{', '}' -> -1;
      case 'k', 'K', 's', 'S' -> ignoresCase ? -1 : c;
      default -> c;
    };
  }

  private int escape() {
    char c = regex.charAt(at++);
    if (!Character.isLetterOrDigit(c)) {
      return c;
    }
    if (c == 'x' || c == 'p' || c == 'P') {
      if (regex.charAt(at) == '{') {
        skip(BRACED);
      } else {
        at += c == 'x' ? 2 : 1;
      }
    } else if (c >= '0' && c <= '9') {
      while (at < regex.length() && Character.isDigit(regex.charAt(at))) {
        at++;
      }
    }
    return -1;
  }

  private void skipClass() {
    if (regex.charAt(at) == '^') {
      at++;
    }
    int first = at;
    while (regex.charAt(at) != ']' || at == first) {
      if (regex.charAt(at) == '\\') {
        at += 2;
      } else if (regex.startsWith("[:", at)) {
        skip(NAMED_CLASS);
      } else {
        at++;
      }
    }
    at++;
  }

  /** Whether what was just read may be left out; goes past what says so. */
  private boolean isOptional() {
    if (at >= regex.length()) {
      return false;
    }
    char c = regex.charAt(at);
    if (c == '*' || c == '?') {
      at++;
      skipLazy();
      return true;
    }
    if (c == '{' && at + 1 < regex.length() && Character.isDigit(regex.charAt(at + 1))) {
      skip(COUNT);
      skipLazy();
      return true; // perhaps not, but nothing depends on it
    }
    return false;
  }

  private void skip(Pattern expected) {
    Matcher here = expected.matcher(regex).region(at, regex.length());
    if (!here.lookingAt()) {
      throw new StringIndexOutOfBoundsException(at);
    }
    at = here.end();
  }

  private void skipLazy() {
    if (at < regex.length() && regex.charAt(at) == '?') {
      at++;
    }
  }

  private static @Nullable List<String> ended(StringBuilder run) {
    List<String> ended = run.length() < SHORTEST ? null : List.of(run.toString());
    run.setLength(0);
    return ended;
  }

  private static @Nullable List<String> better(
      @Nullable List<String> one, @Nullable List<String> two) {
    if (one == null || two == null) {
      return one == null ? two : one;
    }
    return shortest(two) > shortest(one) ? two : one;
  }

  private static int shortest(List<String> texts) {
    return texts.stream().mapToInt(String::length).min().orElse(0);
  }
}
