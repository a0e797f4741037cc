package io.weir.firewall.text;

import java.util.Arrays;
import java.util.Map;

/** Maps texts to numbers, several to a text; asked with a hash that the caller rolls along. */
public final class LiteralMap {
  private static final int[] NOTHING = {};

  private final int mask;
  private final int[] hashes;
  private final char[][] keys;
  private final int[][] values;

  public LiteralMap(Map<String, int[]> entries) {
    int capacity = Integer.highestOneBit(Math.max(2, entries.size()) * 3 - 1);
    mask = capacity - 1;
    hashes = new int[capacity];
    keys = new char[capacity][];
    values = new int[capacity][];
    Arrays.fill(values, NOTHING);
    entries.forEach((text, numbers) -> {
      int slot = slot(hash(text));
      while (keys[slot] != null) {
        slot = (slot + 1) & mask;
      }
      hashes[slot] = hash(text);
      keys[slot] = text.toCharArray();
      values[slot] = numbers;
    });
  }

  /** The numbers of the text between two places, whose hash is known; empty if there are none. */
  public int[] get(char[] chars, int from, int to, int hash) {
    for (int slot = slot(hash); keys[slot] != null; slot = (slot + 1) & mask) {
      if (hashes[slot] == hash
          && Arrays.equals(chars, from, to, keys[slot], 0, keys[slot].length)) {
        return values[slot];
      }
    }
    return NOTHING;
  }

  private int slot(int hash) {
    return (hash ^ (hash >>> 15)) & mask;
  }

  /** The hash that grows by one character at its end: {@code 31 * hash + c}. */
  static int hash(CharSequence text) {
    int hash = 0;
    for (int i = 0; i < text.length(); i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash;
  }

  static int hash(char[] chars, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + chars[i];
    }
    return hash;
  }
}
