package io.weir.core.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The lowest route number above another whose path patterns match a path. */
final class PathTrie {
  /*
   * A radix tree over the characters of the patterns. A node stands for the text from the root to
   * it and holds the numbers of the routes that want exactly this path, and of those that want
   * everything that begins so: up to the first that asks nothing else, since no later one can win.
   * So nearly every node has one number of each kind, or none. A walk takes the minimum of the
   * prefix numbers on its way and of the exact number where the path ends; it costs no more than the
   * part of the path that some pattern shares, however long the path is. Where the route that was
   * found asks something else that does not hold, another walk looks for the next number.
   *
   * Each node also knows the lowest number at or below it: a walk that already has a lower one ends
   * there. What is no prefix and not exact is asked as the rest of a route, see Router.
   */

  private static final int NONE = Integer.MAX_VALUE;
  private static final int[] NO_NUMBERS = {};

  private final Node root;

  private PathTrie(Node root) {
    this.root = root;
  }

  /** The lowest number above {@code after} and below {@code best} that matches, or {@code best}. */
  int first(String path, int after, int best) {
    int first = best;
    int at = 0;
    Node node = root;
    while (node.least < first && path.startsWith(node.label, at)) {
      at += node.label.length();
      first = Math.min(first, above(node.prefix, after));
      if (at == path.length()) {
        return Math.min(first, above(node.exact, after));
      }
      int child = Arrays.binarySearch(node.branches, path.charAt(at));
      if (child < 0) {
        return first;
      }
      node = node.children[child];
    }
    return first;
  }

  /** The lowest of the ascending numbers that is above another. */
  private static int above(int[] numbers, int after) {
    if (numbers.length == 0) {
      return NONE;
    }
    if (numbers[0] > after) {
      return numbers[0];
    }
    int at = Arrays.binarySearch(numbers, after + 1);
    int next = at < 0 ? -at - 1 : at;
    return next == numbers.length ? NONE : numbers[next];
  }

  /** A stretch of text that all patterns below share. */
  private static final class Node {
    private final String label;
    private final int[] exact; // ascending
    private final int[] prefix; // ascending
    private final int least;
    private final char[] branches; // first characters of the children, ascending
    private final Node[] children;

    Node(String label, int[] exact, int[] prefix, List<Node> children) {
      this.label = label;
      this.exact = exact;
      this.prefix = prefix;
      this.children = children.toArray(Node[]::new);
      this.branches = new char[this.children.length];
      int lowest = Math.min(above(exact, -1), above(prefix, -1));
      for (int i = 0; i < branches.length; i++) {
        branches[i] = this.children[i].label.charAt(0);
        lowest = Math.min(lowest, this.children[i].least);
      }
      this.least = lowest;
    }
  }

  /** Collects the patterns of routes, in the order of their numbers. */
  static final class Builder {
    private final Map<String, Numbers> exact = new TreeMap<>();
    private final Map<String, Numbers> prefix = new TreeMap<>();

    /** The numbers that one text has. */
    private static final class Numbers {
      final List<Integer> all = new ArrayList<>();
      boolean closed;

      void add(int number, boolean asksMore) {
        if (!closed && (all.isEmpty() || all.getLast() != number)) {
          all.add(number);
        }
        closed |= !asksMore;
      }

      static int[] of(@Nullable Numbers numbers) {
        return numbers == null
            ? NO_NUMBERS
            : numbers.all.stream().mapToInt(Integer::intValue).toArray();
      }
    }

    /**
     * Adds a route with a higher number than those before.
     *
     * @param patterns none means every path
     * @param asksMore whether the route may turn out not to match a path that one of them matches
     */
    void add(int number, List<PathPattern> patterns, boolean asksMore) {
      if (patterns.isEmpty()) {
        put(prefix, "", number, asksMore);
      }
      for (PathPattern pattern : patterns) {
        switch (pattern) {
          case PathPattern.Exact(String path) -> put(exact, path, number, asksMore);
          case PathPattern.Prefix(String start) -> put(prefix, start, number, asksMore);
          case PathPattern.Below(String place) -> {
            put(exact, place, number, asksMore);
            put(prefix, place + "/", number, asksMore);
          }
        }
      }
    }

    private static void put(Map<String, Numbers> texts, String text, int number, boolean asksMore) {
      texts.computeIfAbsent(text, t -> new Numbers()).add(number, asksMore);
    }

    PathTrie build() {
      TreeMap<String, Numbers> all = new TreeMap<>(exact);
      all.putAll(prefix);
      List<String> texts = new ArrayList<>(all.keySet());
      return new PathTrie(
          texts.isEmpty() ? new Node("", NO_NUMBERS, NO_NUMBERS, List.of()) : node(texts, 0));
    }

    /** The node of texts that are sorted, distinct, and equal up to {@code from}. */
    private Node node(List<String> texts, int from) {
      String text = texts.getFirst();
      int end = common(text, texts.getLast(), from);
      boolean ends = text.length() == end;
      List<Node> children = new ArrayList<>();
      for (int i = ends ? 1 : 0, next; i < texts.size(); i = next) {
        next = i + 1;
        while (next < texts.size() && texts.get(next).charAt(end) == texts.get(i).charAt(end)) {
          next++;
        }
        children.add(node(texts.subList(i, next), end));
      }
      int[] exactly = Numbers.of(ends ? exact.get(text) : null);
      int[] beginning = Numbers.of(ends ? prefix.get(text) : null);
      return new Node(text.substring(from, end), exactly, beginning, children);
    }

    /** Sorted texts share what the first and the last of them share. */
    private static int common(String first, String last, int from) {
      int end = from;
      while (end < first.length() && end < last.length() && first.charAt(end) == last.charAt(end)) {
        end++;
      }
      return end;
    }
  }
}
