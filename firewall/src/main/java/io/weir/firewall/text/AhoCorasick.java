package io.weir.firewall.text;

import java.util.Arrays;
import java.util.Map;

/** Finds all of many texts inside another one, in one pass (Aho and Corasick, 1975). */
public final class AhoCorasick {
  /*
   * States are numbered in breadth-first order, so the children of a state are neighbours, and the
   * number of the first says where they are. A state is 14 bytes: its first child, the class of the
   * character that leads to it, the state to fall back to, and what ends there. There is no object
   * for each, also not while it is built: among sorted texts those that go through a state are
   * neighbours, too, so a state of the level that grows is two places among them.
   *
   * States near the root, where a scan spends its time, have a full row of next states, one for
   * each class of characters; characters that occur in no text share class 0. The rows of all
   * states would be large for long lists, so the deeper ones search among their children.
   */
  private static final int MAX_ROW_CELLS = 1 << 21; // 8 MiB
  private static final int[] NO_VALUES = {};

  /** What a scan found. */
  public interface Sink {
    void found(int value);
  }

  private final char[] classes = new char[256];
  private final int rowStates;
  private final int width;
  private final int[] rows;
  private final int[] firstChild; // of each state; one more says where the last one's end
  private final char[] labels; // of each state: the class that leads to it
  private final int[] fallbacks;
  private final int[] ends; // of each state the number of the longest text that ends there; 0: none
  private final int[] shorter; // of each text the next that ends wherever it does; numbers from 1
  private final int[][] values; // of each text; number 1 is the first

  /**
   * An automaton for texts of Latin-1 that are not empty, each with its values.
   *
   * @param ignoreCase of ASCII letters; the texts are {@link #folded} then
   */
  public AhoCorasick(Map<String, int[]> texts, boolean ignoreCase) {
    String[] sorted = texts.keySet().toArray(String[]::new);
    Arrays.sort(sorted);
    width = classify(sorted, ignoreCase);
    values = new int[sorted.length][];
    for (int i = 0; i < sorted.length; i++) {
      values[i] = texts.getOrDefault(sorted[i], NO_VALUES);
    }
    int states = states(sorted);
    rowStates = Math.min(states, Math.max(1, MAX_ROW_CELLS / width));
    rows = new int[rowStates * width];
    firstChild = new int[states + 1];
    labels = new char[states];
    fallbacks = new int[states];
    ends = new int[states];
    shorter = new int[sorted.length + 1];
    grow(sorted);
    link();
  }

  /** Gives classes in the order of characters, so that sorted texts have sorted children. */
  private int classify(String[] texts, boolean ignoreCase) {
    boolean[] used = new boolean[256];
    for (String text : texts) {
      for (int i = 0; i < text.length(); i++) {
        used[fold(text.charAt(i), ignoreCase)] = true;
      }
    }
    int known = 1;
    for (int c = 0; c < 256; c++) {
      classes[c] = used[c] ? (char) known++ : 0;
    }
    for (char c = 0; c < 256; c++) {
      classes[c] = classes[fold(c, ignoreCase)];
    }
    return known;
  }

  /** Of each text what it does not share with the one before it, and the root. */
  private static int states(String[] texts) {
    int states = 1;
    String before = "";
    for (String text : texts) {
      int most = Math.min(before.length(), text.length());
      int same = 0;
      while (same < most && before.charAt(same) == text.charAt(same)) {
        same++;
      }
      states += text.length() - same;
      before = text;
    }
    return states;
  }

  /** Numbers the states, level by level. */
  private void grow(String[] texts) {
    int most = Math.max(1, texts.length); // of a level: each state has a text of its own
    int[] from = new int[most]; // the texts that go through each state of the level, or end there
    int[] to = new int[most];
    int[] nextFrom = new int[most];
    int[] nextTo = new int[most];
    to[0] = texts.length;
    int begin = 0; // of the level
    int grown = 1;
    for (int depth = 0; begin < labels.length; depth++) {
      int end = grown;
      for (int state = begin; state < end; state++) {
        firstChild[state] = grown;
        int text = from[state - begin];
        int last = to[state - begin];
        if (text < last && texts[text].length() == depth) {
          ends[state] = ++text; // the shortest is the first
        }
        while (text < last) {
          char c = texts[text].charAt(depth);
          nextFrom[grown - end] = text;
          while (text < last && texts[text].charAt(depth) == c) {
            text++;
          }
          nextTo[grown - end] = text;
          labels[grown++] = classes[c];
        }
      }
      int[] above = from;
      from = nextFrom;
      nextFrom = above;
      above = to;
      to = nextTo;
      nextTo = above;
      begin = end;
    }
    firstChild[labels.length] = grown;
  }

  /** Fills in where states fall back to; what is nearer to the root is ready by then. */
  private void link() {
    for (int state = 0; state < labels.length; state++) {
      int fallback = fallbacks[state];
      if (ends[state] == 0) {
        ends[state] = ends[fallback];
      } else if (state > 0) {
        shorter[ends[state]] = ends[fallback];
      }
      if (state > 0 && state < rowStates) {
        System.arraycopy(rows, fallback * width, rows, state * width, width);
      }
      for (int child = firstChild[state]; child < firstChild[state + 1]; child++) {
        if (state > 0) {
          fallbacks[child] = next(fallback, labels[child]);
        }
        if (state < rowStates) {
          rows[state * width + labels[child]] = child;
        }
      }
    }
  }

  private static char fold(char c, boolean ignoreCase) {
    return ignoreCase && c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }

  /** The text as an automaton that ignores case knows it. */
  public static String folded(String text) {
    StringBuilder folded = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      folded.append(fold(text.charAt(i), true));
    }
    return folded.toString();
  }

  private int classOf(int c) {
    return c < 256 ? classes[c] : 0;
  }

  private int next(int from, int label) {
    int state = from;
    while (state >= rowStates) {
      int child =
          Arrays.binarySearch(labels, firstChild[state], firstChild[state + 1], (char) label);
      if (child >= 0) {
        return child;
      }
      state = fallbacks[state];
    }
    return rows[state * width + label];
  }

  /** Whether any of the texts occurs. */
  public boolean occursIn(char[] chars, int from, int to) {
    return firstEnd(chars, from, to) >= 0;
  }

  /** Where the first that occurs ends, exclusive; -1 if none does. */
  public int firstEnd(char[] chars, int from, int to) {
    int state = 0;
    for (int i = from; i < to; i++) {
      state = next(state, classOf(chars[i]));
      if (ends[state] > 0) {
        return i + 1;
      }
    }
    return -1;
  }

  /** Tells the values of all the texts that occur, some of them repeatedly. */
  public void scan(char[] chars, int from, int to, Sink sink) {
    int state = 0;
    for (int i = from; i < to; i++) {
      state = next(state, classOf(chars[i]));
      for (int end = ends[state]; end > 0; end = shorter[end]) {
        for (int value : values[end - 1]) {
          sink.found(value);
        }
      }
    }
  }
}
