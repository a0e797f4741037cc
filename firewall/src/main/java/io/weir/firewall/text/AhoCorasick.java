package io.weir.firewall.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;

/** Finds all of many texts inside another one, in one pass (Aho and Corasick, 1975). */
public final class AhoCorasick {
  /*
   * States are numbered in breadth-first order. Those near the root, where a scan spends its time,
   * have a full row of next states, one for each class of characters; characters that occur in no
   * text share class 0. The rows of all states would be large for long lists, so the deeper states
   * only keep their own edges, sorted, and the state to fall back to.
   */
  private static final int MAX_ROW_CELLS = 1 << 21; // 8 MiB

  /** What a scan found. */
  public interface Sink {
    void found(int value);
  }

  private static final class Node {
    final TreeMap<Integer, Node> edges = new TreeMap<>();
    final List<Integer> values = new ArrayList<>();
    int number;
    Node fallback = this;
  }

  private final char[] classes = new char[256];
  private final int rowStates;
  private final int width;
  private final int[] rows;
  private final int[] edgeFrom; // of each state without a row, into the two below
  private final char[] edgeClasses;
  private final int[] edgeTargets;
  private final int[] fallbacks;
  private final int[][] values; // of each state all that ends there
  private final boolean[] ends;

  /**
   * An automaton for texts that are not empty, each with its values.
   *
   * @param ignoreCase of ASCII letters; the texts are {@link #folded} then
   */
  public AhoCorasick(Map<String, int[]> texts, boolean ignoreCase) {
    int known = 1;
    Map<Character, Integer> assigned = new HashMap<>();
    for (String text : texts.keySet()) {
      for (int i = 0; i < text.length(); i++) {
        char c = fold(text.charAt(i), ignoreCase);
        if (!assigned.containsKey(c)) {
          assigned.put(c, known++);
        }
      }
    }
    for (int c = 0; c < 256; c++) {
      classes[c] = (char) (int) assigned.getOrDefault(fold((char) c, ignoreCase), 0);
    }
    width = known;

    Node root = new Node();
    texts.forEach((text, numbers) -> enter(root, text, numbers));
    List<Node> states = numbered(root);
    rowStates = Math.min(states.size(), Math.max(1, MAX_ROW_CELLS / width));
    rows = new int[rowStates * width];
    fallbacks = new int[states.size()];
    values = new int[states.size()][];
    ends = new boolean[states.size()];
    edgeFrom = new int[states.size() - rowStates + 1];
    List<Integer> targets = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Node state : states) {
      int number = state.number;
      fallbacks[number] = state.fallback.number;
      values[number] = ending(state);
      ends[number] = values[number].length > 0;
      if (number < rowStates) {
        if (number > 0) { // the fallback is nearer to the root, so its row is ready
          System.arraycopy(rows, fallbacks[number] * width, rows, number * width, width);
        }
        state.edges.forEach((label, next) -> rows[number * width + label] = next.number);
        continue;
      }
      state.edges.forEach((label, next) -> {
        labels.add(label);
        targets.add(next.number);
      });
      edgeFrom[number - rowStates + 1] = targets.size();
    }
    edgeTargets = targets.stream().mapToInt(Integer::intValue).toArray();
    edgeClasses = new char[labels.size()];
    for (int i = 0; i < edgeClasses.length; i++) {
      edgeClasses[i] = (char) (int) labels.get(i);
    }
  }

  private void enter(Node root, String text, int[] numbers) {
    Node node = root;
    for (int i = 0; i < text.length(); i++) {
      node = node.edges.computeIfAbsent(classOf(text.charAt(i)), label -> new Node());
    }
    for (int number : numbers) {
      node.values.add(number);
    }
  }

  private static List<Node> numbered(Node root) {
    List<Node> states = new ArrayList<>();
    Queue<Node> queue = new ArrayDeque<>();
    queue.add(root);
    while (!queue.isEmpty()) {
      Node node = queue.remove();
      node.number = states.size();
      states.add(node);
      node.edges.forEach((label, child) -> {
        Node shorter = node;
        while (shorter != root && !shorter.fallback.edges.containsKey(label)) {
          shorter = shorter.fallback;
        }
        Node found = shorter == root ? null : shorter.fallback.edges.get(label);
        child.fallback = found == null ? root : found;
        queue.add(child);
      });
    }
    return states;
  }

  private static int[] ending(Node state) {
    List<Integer> ending = new ArrayList<>(state.values);
    for (Node node = state; node.fallback != node; node = node.fallback) {
      ending.addAll(node.fallback.values);
    }
    return ending.stream().mapToInt(Integer::intValue).distinct().toArray();
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
      int low = edgeFrom[state - rowStates];
      int high = edgeFrom[state - rowStates + 1];
      int edge = Arrays.binarySearch(edgeClasses, low, high, (char) label);
      if (edge >= 0) {
        return edgeTargets[edge];
      }
      state = fallbacks[state];
    }
    return rows[state * width + label];
  }

  /** Whether any of the texts occurs. */
  boolean occursIn(char[] chars, int from, int to) {
    return firstEnd(chars, from, to) >= 0;
  }

  /** Where the first that occurs ends, exclusive; -1 if none does. */
  int firstEnd(char[] chars, int from, int to) {
    int state = 0;
    for (int i = from; i < to; i++) {
      state = next(state, classOf(chars[i]));
      if (ends[state]) {
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
      if (ends[state]) {
        for (int value : values[state]) {
          sink.found(value);
        }
      }
    }
  }
}
