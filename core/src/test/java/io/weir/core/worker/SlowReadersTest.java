package io.weir.core.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlowReadersTest {
  private final List<Reader> cut = new ArrayList<>();

  @Test
  void whoHasWaitedTheLongestIsCutFirst() {
    SlowReaders readers = new SlowReaders(Runnable::run);
    readers.atMost(2);
    List<Reader> all = List.of(new Reader(0), new Reader(1), new Reader(2), new Reader(3));
    readers.add(all.get(0));
    readers.add(all.get(1));
    readers.remove(all.get(0)); // took what waited
    readers.add(all.get(0));
    readers.add(all.get(2));
    assertThat(cut).containsExactly(all.get(1));
    readers.add(all.get(3));
    assertThat(cut).containsExactly(all.get(1), all.get(0));
    assertThat(readers.count()).isEqualTo(2);
  }

  @Test
  void itDoesWhatAListWould() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    SlowReaders readers = new SlowReaders(Runnable::run);
    List<Reader> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(new Reader(i, random.nextInt(1, 4)));
    }
    List<Reader> naive = new ArrayList<>();
    List<Reader> naiveCut = new ArrayList<>();
    for (int step = 0; step < 10_000; step++) {
      int most = random.nextInt(1, 15);
      Reader one = all.get(random.nextInt(all.size()));
      readers.atMost(most);
      if (random.nextBoolean()) {
        readers.remove(one);
        naive.remove(one);
      } else if (!naive.contains(one)) {
        readers.add(one);
        naive.add(one);
        while (shares(naive) > most) {
          naiveCut.add(naive.removeFirst());
        }
      } else {
        readers.add(one);
      }
      assertThat(readers.count()).as("seed %d, step %d", seed, step).isEqualTo(shares(naive));
    }
    assertThat(cut).as("seed %d", seed).isEqualTo(naiveCut);
  }

  private static int shares(List<Reader> readers) {
    return readers.stream().mapToInt(reader -> reader.shares).sum();
  }

  private final class Reader extends SlowReader {
    private final int number;

    Reader(int number) {
      this(number, 1);
    }

    Reader(int number, int shares) {
      super(shares);
      this.number = number;
    }

    @Override
    protected void cut() {
      cut.add(this);
    }

    @Override
    public String toString() {
      return "reader " + number;
    }
  }
}
