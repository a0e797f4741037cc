package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BucketsTest {
  @Test
  void theBoundsAreThoseOfTheConventions() {
    assertThat(Buckets.DURATION.upperBoundsInSeconds())
        .containsExactly(
            .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 1.0 / 0);
    assertThat(Buckets.FAST.upperBoundsInSeconds())
        .containsExactly(
            .000005, .00001, .000025, .00005, .0001, .00025, .0005, .001, .005, .025, 1.0 / 0);
    assertThat(Buckets.DURATION.upperBound(0)).isEqualTo(500_000);
    assertThat(Buckets.DURATION.upperBound(13)).isEqualTo(10_000_000_000L);
    assertThat(Buckets.FAST.upperBound(0)).isEqualTo(5_000);
    assertThat(Buckets.FAST.upperBound(2)).isEqualTo(25_000);
  }

  @ParameterizedTest
  @EnumSource
  void aBoundBelongsToItsBucketAndOneMoreNanosecondToTheNext(Buckets buckets) {
    for (int i = 0; i < buckets.count() - 1; i++) {
      assertThat(buckets.indexOf(buckets.upperBound(i))).isEqualTo(i);
      assertThat(buckets.indexOf(buckets.upperBound(i) + 1)).isEqualTo(i + 1);
    }
    assertThat(buckets.indexOf(0)).isZero();
    assertThat(buckets.indexOf(Long.MAX_VALUE)).isEqualTo(buckets.count() - 1);
  }

  @ParameterizedTest
  @EnumSource
  void anyDurationFallsWhereTheBoundsInSecondsSay(Buckets buckets) {
    SplittableRandom random = Seed.random();
    double[] bounds = buckets.upperBoundsInSeconds();
    for (int n = 0; n < 10_000; n++) {
      long nanos = random.nextLong(1L << random.nextInt(1, 36));
      int expected = 0;
      while (nanos / 1e9 > bounds[expected]) {
        expected++;
      }
      assertThat(buckets.indexOf(nanos)).as("%s, %d ns", Seed.message(), nanos).isEqualTo(expected);
    }
  }

  @Test
  void theBoundsCannotBeChangedFromOutside() {
    Buckets.FAST.upperBoundsInSeconds()[0] = 42;
    assertThat(Buckets.FAST.upperBoundsInSeconds()[0]).isEqualTo(.000005);
  }
}
