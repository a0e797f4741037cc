package io.weir.firewall.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.testing.Luck;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SortedKeysTest {
  private static void compare(long[] drawn, SplittableRandom random, long seed) {
    compare(drawn, Long.SIZE, random, seed);
    compare(drawn, Integer.SIZE, random, seed);
  }

  private static void compare(long[] drawn, int width, SplittableRandom random, long seed) {
    long unused = width == Long.SIZE ? 0 : -1L >>> width;
    long[] keys =
        Arrays.stream(drawn)
            .map(k -> (k & ~unused) ^ Long.MIN_VALUE)
            .sorted()
            .distinct()
            .map(k -> k ^ Long.MIN_VALUE)
            .toArray();
    TreeMap<Long, Integer> places = new TreeMap<>(Long::compareUnsigned);
    for (int i = 0; i < keys.length; i++) {
      places.put(keys[i], i);
    }
    SortedKeys sorted = new SortedKeys(keys, keys.length, width);
    for (int i = 0; i < 2000; i++) {
      long drawnNumber =
          i % 3 == 0 || keys.length == 0
              ? random.nextLong() >>> random.nextInt(64)
              : keys[random.nextInt(keys.length)] + (unused + 1) * random.nextInt(-1, 2);
      long wanted = drawnNumber & ~unused;
      var floor = places.floorEntry(wanted);
      assertThat(sorted.floor(wanted))
          .as("seed %d, %d keys, %x", seed, keys.length, wanted)
          .isEqualTo(floor == null ? -1 : floor.getValue());
    }
  }

  @Test
  void keysThatSpreadAndKeysThatCrowdAreFound() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 60; round++) {
      int count = random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(100);
      long spread = -1L >>> random.nextInt(60);
      long corner = random.nextBoolean() ? 0 : random.nextLong();
      long[] keys = new long[count];
      for (int i = 0; i < count; i++) {
        boolean far = round % 2 == 0 && random.nextInt(100) == 0;
        keys[i] = far ? random.nextLong() : corner + (random.nextLong() & spread);
      }
      compare(keys, random, seed);
    }
  }

  @Test
  void keysThatAgreeInManyBitsAreToldApart() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 20; round++) {
      long[] keys = new long[random.nextInt(1, 4000)];
      for (int i = 0; i < keys.length; i++) {
        boolean near = i > 0 && random.nextInt(3) == 0;
        keys[i] = near ? keys[i - 1] + random.nextInt(3) : random.nextLong() & -1L << 20;
      }
      compare(keys, random, seed);
    }
  }

  @Test
  void theSmallestAndTheLargestNumbersAreKeysLikeOthers() {
    SplittableRandom random = new SplittableRandom(1);
    compare(new long[] {}, random, 1);
    compare(new long[] {0}, random, 1);
    compare(new long[] {-1}, random, 1);
    compare(new long[] {0, -1}, random, 1);
    compare(new long[] {Long.MAX_VALUE, Long.MIN_VALUE}, random, 1);
    long[] crowd = new long[300];
    Arrays.setAll(crowd, i -> i % 2 == 0 ? -1L - i : i);
    compare(crowd, random, 1);
  }
}
