package io.weir.firewall.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.testing.Luck;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BlocksV6Test {
  @Test
  void whatBlocksTellIsWhatHoldsFromTheLastStartOn() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    int told = 0;
    int asked = 0;
    for (int round = 0; round < 200; round++) {
      TreeMap<Long, Integer> starts = starts(random, random.nextInt(1, 3000));
      long[] halves = starts.keySet().stream().mapToLong(Long::longValue).toArray();
      int[] values = starts.values().stream().mapToInt(Integer::intValue).toArray();
      BlocksV6 blocks = BlocksV6.of(halves, values, halves.length, random.nextInt(12, 16));
      for (int i = 0; i < 1000 && blocks != null; i++) {
        long near = halves[random.nextInt(halves.length)];
        long wanted =
            switch (random.nextInt(3)) {
              case 0 -> random.nextLong();
              case 1 -> near + random.nextInt(-1, 2);
              default -> near ^ (random.nextLong() >>> random.nextInt(64));
            };
        int node = blocks.find(wanted);
        if (node == AddressMap.ASK) {
          asked++;
          continue;
        }
        told++;
        var floor = starts.floorEntry(wanted);
        assertThat(node)
            .as("seed %d, round %d, %x", seed, round, wanted)
            .isEqualTo(floor == null ? AddressMap.NONE : floor.getValue());
      }
    }
    assertThat(told).as("seed %d, of %d", seed, told + asked).isGreaterThan(asked);
  }

  /** Blocks of all sizes that take turns with nothing; few values, some of them rare. */
  private static TreeMap<Long, Integer> starts(SplittableRandom random, int count) {
    TreeMap<Long, Integer> starts = new TreeMap<>(Long::compareUnsigned);
    long corner = random.nextBoolean() ? 0 : random.nextLong() & -1L << 50;
    int free = corner == 0 ? 0 : random.nextInt(14);
    for (int i = 0; i < count; i++) {
      int bits = random.nextInt(4) == 0 ? random.nextInt(50) : random.nextInt(17);
      long first = corner + ((random.nextLong() >>> free) & -1L << bits);
      starts.put(first, random.nextInt(20) == 0 ? random.nextInt(6) : 0);
      if (first + (1L << bits) != 0) {
        starts.putIfAbsent(first + (1L << bits), AddressMap.NONE);
      }
    }
    return starts;
  }
}
