package io.weir.firewall.share;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SharingTest {
  private record Taken(int limiter, long key) {}

  private static Sharing sharing(int workers, int waiting) {
    return new Sharing(workers, waiting, new SplittableRandom(1));
  }

  private static List<Taken> drain(Sharing sharing) {
    List<Taken> all = new ArrayList<>();
    sharing.drain((limiter, key) -> all.add(new Taken(limiter, key)));
    return all;
  }

  @Test
  void whatWasTakenIsFetchedOnceInItsOrder() {
    Sharing sharing = sharing(1, 4);
    assertThat(drain(sharing)).isEmpty();
    sharing.taken(0, 0);
    sharing.taken(7, -1);
    sharing.taken(0, 5);
    assertThat(drain(sharing)).containsExactly(new Taken(0, 0), new Taken(7, -1), new Taken(0, 5));
    assertThat(drain(sharing)).isEmpty();
  }

  @Test
  void withoutRoomItIsCountedAndNothingElseIsLost() {
    Sharing sharing = sharing(1, 4);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 10; i++) {
        sharing.taken(1, i);
      }
      assertThat(drain(sharing)).extracting(Taken::key).containsExactly(0L, 1L, 2L, 3L);
      assertThat(sharing.dropped()).isEqualTo(6 * (round + 1));
    }
  }

  @Test
  void limitersHaveDifferentNumbers() {
    Sharing sharing = sharing(3, 4);
    assertThat(sharing.newLimiter()).isNotEqualTo(sharing.newLimiter()).isNotNegative();
  }

  @Test
  void manyThreadsLoseNothingThatIsNotCounted() throws InterruptedException {
    int threads = 4;
    int each = 300_000;
    Sharing sharing = sharing(2, 1 << 8); // two rings for four threads
    long[] last = new long[threads];
    Arrays.fill(last, -1);
    long[] fetched = {0};
    TakenSink sink =
        (limiter, key) -> {
          assertThat(key).as("in the order of its thread").isGreaterThan(last[limiter]);
          last[limiter] = key;
          fetched[0]++;
        };
    CountDownLatch done = new CountDownLatch(threads);
    for (int t = 0; t < threads; t++) {
      int limiter = t;
      Thread.ofPlatform()
          .start(() -> {
            for (int i = 0; i < each; i++) {
              sharing.taken(limiter, i);
            }
            done.countDown();
          });
    }
    while (done.getCount() > 0) {
      sharing.drain(sink);
    }
    sharing.drain(sink);
    assertThat(fetched[0] + sharing.dropped()).isEqualTo((long) threads * each);
    assertThat(fetched[0]).isPositive();
  }

  @Test
  void aSecretThatIsReplacedIsAnotherOne() {
    KeySecret secret = new KeySecret(new SplittableRandom(1));
    assertThat(secret.replace(1, 2)).isTrue();
    assertThat(secret.replace(1, 2)).isFalse();
    secret.to((first, second) -> assertThat(List.of(first, second)).isEqualTo(List.of(1L, 2L)));
  }
}
