package io.weir.firewall;

/** The rules that may match, in order; a bit each, and a bit for each word of bits. */
final class RuleCandidates {
  static final int NONE = Integer.MAX_VALUE;

  private final long[] bits;
  private final long[] words;

  RuleCandidates(int rules) {
    bits = new long[(rules >>> 6) + 1];
    words = new long[(bits.length >>> 6) + 1];
  }

  void add(int rule) {
    int word = rule >>> 6;
    bits[word] |= 1L << rule;
    words[word >>> 6] |= 1L << word;
  }

  void addAll(int[] rules) {
    for (int rule : rules) {
      add(rule);
    }
  }

  /** The first one. */
  int first() {
    for (int i = 0; i < words.length; i++) {
      if (words[i] != 0) {
        int word = (i << 6) + Long.numberOfTrailingZeros(words[i]);
        return (word << 6) + Long.numberOfTrailingZeros(bits[word]);
      }
    }
    return NONE;
  }

  void remove(int rule) {
    int word = rule >>> 6;
    bits[word] &= ~(1L << rule);
    if (bits[word] == 0) {
      words[word >>> 6] &= ~(1L << word);
    }
  }

  void clear() {
    for (int i = 0; i < words.length; i++) {
      while (words[i] != 0) {
        bits[(i << 6) + Long.numberOfTrailingZeros(words[i])] = 0;
        words[i] &= words[i] - 1;
      }
    }
  }
}
