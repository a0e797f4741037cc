package io.weir.firewall.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.firewall.testing.Luck;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PackedPrefixesTest {
  private static final Comparator<ClientAddress> BY_NUMBER =
      Comparator.comparing(ClientAddress::high, Long::compareUnsigned)
          .thenComparing(ClientAddress::low, Long::compareUnsigned);
  private static final Comparator<Cidr> WIDER_FIRST =
      Comparator.comparing(Cidr::network, BY_NUMBER).thenComparingInt(Cidr::length);

  @Test
  void itHoldsWhatWasAddedInThatOrder() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 50; round++) {
      List<Cidr> prefixes = some(random, random.nextInt(200), random.nextInt(3));
      PackedPrefixes packed = PackedPrefixes.of(prefixes);
      assertThat(packed).as("seed %d, round %d", seed, round).isEqualTo(prefixes);
      for (int i = 0; i < prefixes.size(); i++) {
        Cidr prefix = prefixes.get(i);
        assertThat(packed.lastHigh(i)).as("seed %d, %s", seed, prefix).isEqualTo(prefix.lastHigh());
        assertThat(packed.lastLow(i)).as("seed %d, %s", seed, prefix).isEqualTo(prefix.lastLow());
      }
    }
  }

  @Test
  void whatIsPackedIsAddedLikeOneAfterAnother() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 50; round++) {
      PackedPrefixes packed = new PackedPrefixes();
      List<Cidr> expected = new ArrayList<>();
      for (int part = 0; part < 6; part++) {
        List<Cidr> more = some(random, random.nextInt(60), random.nextInt(3));
        packed.addAll(random.nextBoolean() ? PackedPrefixes.of(more) : more);
        expected.addAll(more);
      }
      assertThat(packed).as("seed %d, round %d", seed, round).isEqualTo(expected);
    }
  }

  @Test
  void anOrderIsByStartThenTheWiderFirst() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 50; round++) {
      PackedPrefixes packed = PackedPrefixes.of(some(random, random.nextInt(500), 2));
      for (boolean v6 : new boolean[] {false, true}) {
        List<Cidr> ordered = IntStream.of(packed.order(v6)).mapToObj(packed::get).toList();
        assertThat(ordered)
            .as("seed %d, round %d", seed, round)
            .isSortedAccordingTo(WIDER_FIRST)
            .containsExactlyInAnyOrderElementsOf(
                packed.stream().filter(prefix -> prefix.network().isV6() == v6).toList());
      }
    }
  }

  @Test
  void thereIsNothingBehindTheEnd() {
    PackedPrefixes packed = new PackedPrefixes();
    packed.add(Cidr.parse("192.0.2.0/24"));
    assertThatThrownBy(() -> packed.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> packed.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** Many of them near each other; families: 0 IPv4, 1 IPv6, 2 both. */
  private static List<Cidr> some(SplittableRandom random, int count, int families) {
    List<Cidr> prefixes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean v6 = families == 1 || (families == 2 && random.nextBoolean());
      int length = random.nextInt(v6 ? 129 : 33);
      ClientAddress address =
          v6
              ? ClientAddress.v6(
                  random.nextLong() >> random.nextInt(64) << 1 | 1, random.nextLong())
              : ClientAddress.v4(random.nextInt() >> random.nextInt(32));
      int free = (v6 ? 128 : 32) - length;
      ClientAddress first =
          v6
              ? ClientAddress.v6(
                  address.high() & ~Bits.lowMaskHigh(free), address.low() & ~Bits.lowMaskLow(free))
              : ClientAddress.v4((int) (address.low() & ~Bits.lowMaskLow(free)));
      if (first.isV6() == v6) { // ::ffff:0:0 is an address of IPv4
        prefixes.add(new Cidr(first, length));
      }
    }
    return prefixes;
  }
}
