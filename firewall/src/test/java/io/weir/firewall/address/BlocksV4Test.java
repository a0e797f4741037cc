package io.weir.firewall.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.testing.Luck;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BlocksV4Test {
  private static final long SPACE = 1L << 32;

  @Test
  void whatBlocksTellIsWhatHoldsFromTheLastStartOn() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    int told = 0;
    int asked = 0;
    for (int round = 0; round < 100; round++) {
      TreeMap<Long, Integer> starts = starts(random, random.nextInt(1, 5000));
      long[] lows = starts.keySet().stream().mapToLong(Long::longValue).toArray();
      int[] values = starts.values().stream().mapToInt(Integer::intValue).toArray();
      BlocksV4 blocks = BlocksV4.ofAny(lows, values, lows.length);
      for (int i = 0; i < 2000 && blocks != null; i++) {
        long near = lows[random.nextInt(lows.length)];
        int wanted =
            (int)
                switch (random.nextInt(3)) {
                  case 0 -> random.nextLong();
                  case 1 -> near + random.nextInt(-1, 2);
                  default -> near ^ (random.nextInt() >>> random.nextInt(32));
                };
        int node = blocks.find(wanted);
        if (node == AddressMap.ASK) {
          asked++;
          continue;
        }
        told++;
        var floor = starts.floorEntry(wanted & (SPACE - 1));
        assertThat(node)
            .as("seed %d, round %d, %x", seed, round, wanted)
            .isEqualTo(floor == null ? AddressMap.NONE : floor.getValue());
      }
    }
    assertThat(told).as("seed %d, of %d", seed, told + asked).isGreaterThan(asked);
  }

  /**
   * Blocks of all sizes that take turns with what is around them; few values, some of them rare.
   */
  private static TreeMap<Long, Integer> starts(SplittableRandom random, int count) {
    TreeMap<Long, Integer> starts = new TreeMap<>();
    int around = random.nextInt(3) == 0 ? 0 : AddressMap.NONE;
    int often = around + 1;
    if (around == 0) {
      starts.put(0L, around);
    }
    boolean withOthers = random.nextBoolean();
    int crowd = random.nextInt(10); // upper bits that all of them share
    for (int i = 0; i < count; i++) {
      int bits = random.nextInt(4) == 0 ? random.nextInt(16) : random.nextInt(10);
      boolean block = random.nextInt(3) != 0;
      long size = block ? 1L << bits : 1 + random.nextInt(1 << bits);
      long first = (random.nextInt() >>> crowd & (block ? -size : -1)) & (SPACE - 1);
      boolean rare = withOthers && random.nextInt(1000) == 0;
      starts.put(first, rare ? often + random.nextInt(4) : often);
      if (first + size < SPACE) {
        starts.putIfAbsent(first + size, around);
      }
    }
    return starts;
  }
}
