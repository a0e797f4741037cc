package io.weir.core.balance;

import java.util.random.RandomGenerator;

/** A weighted draw in constant time. Immutable. */
final class AliasTable {
  /*
   * Walker's alias method, built after Vose. There is a column for each index, all of the same
   * height. Each index fills as much as its weight; what does not fit into its own column goes into
   * columns that are not full, in such a way that no column holds more than two indexes. A draw
   * takes a column, and then one of its two by the height at which it hits.
   *
   * With columns as high as the sum of the weights, and each weight multiplied by their number, all
   * of this is whole numbers: the shares are exact.
   */

  private final int height;
  private final int[] own; // how much of the column is its own index, up to the height
  private final int[] other; // whose the rest is

  private AliasTable(int height, int[] own, int[] other) {
    this.height = height;
    this.own = own;
    this.other = other;
  }

  static AliasTable of(int[] weights, int total) {
    int size = weights.length;
    long[] left = new long[size];
    int[] low = new int[size];
    int[] high = new int[size];
    int lows = 0;
    int highs = 0;
    for (int i = 0; i < size; i++) {
      left[i] = (long) weights[i] * size;
      if (left[i] < total) {
        low[lows++] = i;
      } else {
        high[highs++] = i;
      }
    }
    int[] own = new int[size];
    int[] other = new int[size];
    while (lows > 0) {
      int poor = low[--lows];
      int rich = high[highs - 1];
      own[poor] = (int) left[poor];
      other[poor] = rich;
      left[rich] -= total - left[poor];
      if (left[rich] < total) {
        highs--;
        low[lows++] = rich;
      }
    }
    while (highs > 0) {
      int full = high[--highs];
      own[full] = total;
      other[full] = full;
    }
    return new AliasTable(total, own, other);
  }

  int pick(RandomGenerator random) {
    int column = random.nextInt(own.length);
    int mine = own[column];
    return mine == height || random.nextInt(height) < mine ? column : other[column];
  }
}
