package io.weir.firewall.text;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One compiled way to compare a text. */
interface TextPredicate {
  boolean test(Text text);

  /** How many characters of a text for which it holds tell why; 0 if the beginning is enough. */
  default int telling(Text text) {
    return 0;
  }

  /** Every text. */
  record Everything() implements TextPredicate {
    @Override
    public boolean test(Text text) {
      return true;
    }
  }

  /** Equal to it. */
  @SuppressWarnings("ArrayRecordComponent") // compiled: never compared, never handed out
  record Equal(char[] wanted) implements TextPredicate {
    @Override
    public boolean test(Text text) {
      return text.length() == wanted.length && text.startsAt(text.from, wanted);
    }
  }

  /** Begins with it. */
  @SuppressWarnings("ArrayRecordComponent")
  record Begins(char[] wanted) implements TextPredicate {
    @Override
    public boolean test(Text text) {
      return text.startsAt(text.from, wanted);
    }
  }

  /** Ends with it. */
  @SuppressWarnings("ArrayRecordComponent")
  record Ends(char[] wanted) implements TextPredicate {
    @Override
    public boolean test(Text text) {
      return text.startsAt(text.to - wanted.length, wanted);
    }

    @Override
    public int telling(Text text) {
      return text.length();
    }
  }

  /**
   * Begins with one of many.
   *
   * @param lengths those that the many have, ascending
   */
  @SuppressWarnings("ArrayRecordComponent")
  record BeginsWithOneOf(LiteralMap wanted, int[] lengths) implements TextPredicate {
    static BeginsWithOneOf of(Map<String, int[]> texts) {
      int[] lengths =
          texts.keySet().stream().mapToInt(String::length).sorted().distinct().toArray();
      return new BeginsWithOneOf(new LiteralMap(texts), lengths);
    }

    @Override
    public boolean test(Text text) {
      int at = text.from;
      int hash = 0;
      for (int length : lengths) {
        if (length > text.length()) {
          return false;
        }
        for (; at < text.from + length; at++) {
          hash = 31 * hash + text.chars[at];
        }
        if (wanted.get(text.chars, text.from, at, hash).length > 0) {
          return true;
        }
      }
      return false;
    }
  }

  /** Holds one of them somewhere. */
  record Holds(AhoCorasick wanted) implements TextPredicate {
    @Override
    public boolean test(Text text) {
      return wanted.occursIn(text.chars, text.from, text.to);
    }

    @Override
    public int telling(Text text) {
      return Math.max(0, wanted.firstEnd(text.chars, text.from, text.to) - text.from);
    }
  }

  /** Equal to one of many. */
  record OneOf(LiteralMap wanted) implements TextPredicate {
    @Override
    public boolean test(Text text) {
      int hash = LiteralMap.hash(text.chars, text.from, text.to);
      return wanted.get(text.chars, text.from, text.to, hash).length > 0;
    }
  }

  /** Found by the expression; bytes of UTF-8 are read as the characters that they spell. */
  record Found(Pattern pattern) implements TextPredicate {
    private static final int LONGEST = 32; // of a longer find its beginning tells

    @Override
    public boolean test(Text text) {
      return pattern.matcher(spelled(text)).find();
    }

    @Override
    public int telling(Text text) {
      CharSequence spelled = spelled(text);
      Matcher matcher = pattern.matcher(spelled);
      if (!matcher.find()) {
        return 0;
      }
      int end = Math.min(matcher.end(), matcher.start() + LONGEST);
      if (spelled == text) {
        return end;
      }
      int bytes = spelled.toString().substring(0, end).getBytes(StandardCharsets.UTF_8).length;
      return Math.min(bytes, text.length()); // what is no UTF-8 counts for more than it is
    }

    private static CharSequence spelled(Text text) {
      return text.isAscii()
          ? text
          : new String(
              text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
  }
}
