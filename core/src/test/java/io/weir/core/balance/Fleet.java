package io.weir.core.balance;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Candidates named by letters, their loads, and a seed to replay. */
final class Fleet {
  static final int[] NOTHING_TRIED = {};

  final long seed = Long.getLong("seed", new SplittableRandom().nextLong());
  final SplittableRandom random = new SplittableRandom(seed);

  /** Everyone is idle. */
  static final Loads IDLE = index -> 0;

  /** One candidate for each letter, of weight 1. */
  static Candidates equal(String letters) {
    return weighted(letters, IntStream.range(0, letters.length()).map(i -> 1).toArray());
  }

  static Candidates weighted(String letters, int... weights) {
    List<Character> names = letters.chars().mapToObj(c -> (char) c).toList();
    return Candidates.of(names, weights);
  }

  static char name(Candidates candidates, int index) {
    return (char) candidates.backend(index);
  }

  /** The letters of so many picks in a row. */
  String picks(Balancer balancer, Candidates candidates, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(name(candidates, balancer.pick(candidates, IDLE, random)));
    }
    return text.toString();
  }

  /** How often each index is picked in so many picks. */
  int[] counts(Balancer balancer, Candidates candidates, Loads loads, int picks) {
    int[] counts = new int[candidates.size()];
    for (int i = 0; i < picks; i++) {
      counts[balancer.pick(candidates, loads, random)]++;
    }
    return counts;
  }
}
