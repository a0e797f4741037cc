package io.weir.core.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The lowest route number whose path patterns match a path. */
final class PathTrie {
  /*
   * A radix tree over the characters of the patterns. A node stands for the text from the root to
   * it and holds two numbers: of the first route that wants exactly this path, and of the first that
   * wants everything that begins so. A walk takes the minimum of the prefix numbers on its way and
   * of the exact number where the path ends; it costs no more than the part of the path that some
   * pattern shares, however long the path is.
   *
   * Each node also knows the lowest number at or below it: a walk that already has a lower one ends
   * there. Patterns that are no prefix and not exact wait in a list, by number, and are asked only
   * while they could still win.
   */

  private static final int NONE = Integer.MAX_VALUE;

  private final Node root;
  private final Other[] others; // by number

  private PathTrie(Node root, Other[] others) {
    this.root = root;
    this.others = others;
  }

  /** The lowest number below {@code best} that matches, or {@code best}. */
  int first(String path, int best) {
    int first = walk(path, best);
    for (Other other : others) {
      if (other.number >= first) {
        break;
      }
      if (other.test.test(path)) {
        return other.number;
      }
    }
    return first;
  }

  private int walk(String path, int best) {
    int first = best;
    int at = 0;
    Node node = root;
    while (node.least < first && path.startsWith(node.label, at)) {
      at += node.label.length();
      first = Math.min(first, node.prefix);
      if (at == path.length()) {
        return Math.min(first, node.exact);
      }
      int child = Arrays.binarySearch(node.branches, path.charAt(at));
      if (child < 0) {
        return first;
      }
      node = node.children[child];
    }
    return first;
  }

  void dump(List<?> routes, StringBuilder out) {
    root.dump(1, routes, out);
    for (Other other : others) {
      out.append("  ").append(other.words).append(": ");
      out.append(routes.get(other.number)).append('\n');
    }
  }

  /** A pattern that the tree cannot hold. */
  private record Other(int number, String words, Predicate<String> test) {}

  /** A stretch of text that all patterns below share. */
  private static final class Node {
    private final String label;
    private final int exact;
    private final int prefix;
    private final int least;
    private final char[] branches; // first characters of the children, ascending
    private final Node[] children;

    Node(String label, int exact, int prefix, List<Node> children) {
      this.label = label;
      this.exact = exact;
      this.prefix = prefix;
      this.children = children.toArray(Node[]::new);
      this.branches = new char[this.children.length];
      int lowest = Math.min(exact, prefix);
      for (int i = 0; i < branches.length; i++) {
        branches[i] = this.children[i].label.charAt(0);
        lowest = Math.min(lowest, this.children[i].least);
      }
      this.least = lowest;
    }

    void dump(int depth, List<?> routes, StringBuilder out) {
      out.append("  ".repeat(depth)).append('"').append(label).append('"');
      if (exact != NONE) {
        out.append(" exact: ").append(routes.get(exact));
      }
      if (prefix != NONE) {
        out.append(" prefix: ").append(routes.get(prefix));
      }
      out.append('\n');
      for (Node child : children) {
        child.dump(depth + 1, routes, out);
      }
    }
  }

  /** Collects the patterns of routes, in the order of their numbers. */
  static final class Builder {
    private final Map<String, Integer> exact = new TreeMap<>();
    private final Map<String, Integer> prefix = new TreeMap<>();
    private final List<Other> others = new ArrayList<>();

    /** Adds a route with a higher number than those before; no patterns means every path. */
    void add(int number, List<PathPattern> patterns) {
      if (patterns.isEmpty()) {
        prefix.putIfAbsent("", number);
      }
      for (PathPattern pattern : patterns) {
        switch (pattern) {
          case PathPattern.Exact(String path) -> exact.putIfAbsent(path, number);
          case PathPattern.Prefix(String start) -> prefix.putIfAbsent(start, number);
          case PathPattern.Below(String place) -> {
            exact.putIfAbsent(place, number);
            prefix.putIfAbsent(place + "/", number);
          }
          case PathPattern.Matching(String words, Predicate<String> test) ->
              others.add(new Other(number, words, test));
        }
      }
    }

    PathTrie build() {
      TreeMap<String, Integer> all = new TreeMap<>(exact);
      all.putAll(prefix);
      List<String> texts = new ArrayList<>(all.keySet());
      Node root = texts.isEmpty() ? new Node("", NONE, NONE, List.of()) : node(texts, 0);
      return new PathTrie(root, others.toArray(Other[]::new));
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
      int exactly = ends ? exact.getOrDefault(text, NONE) : NONE;
      int beginning = ends ? prefix.getOrDefault(text, NONE) : NONE;
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
