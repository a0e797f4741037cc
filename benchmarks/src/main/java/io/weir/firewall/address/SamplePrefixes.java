package io.weir.firewall.address;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Prefixes of the lengths that block lists have, and addresses that lie in them or do not. */
public final class SamplePrefixes {
  private SamplePrefixes() {}

  /** Random prefixes of one family. */
  public static List<Cidr> some(int count, boolean v6, RandomGenerator random) {
    List<Cidr> prefixes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      prefixes.add(v6 ? v6(random) : v4(random));
    }
    return prefixes;
  }

  private static Cidr v4(RandomGenerator random) {
    int dice = random.nextInt(10);
    int length = dice < 5 ? 32 : dice < 9 ? 24 : 20 + random.nextInt(4);
    return new Cidr(ClientAddress.v4(random.nextInt() & -1 << (32 - length)), length);
  }

  private static Cidr v6(RandomGenerator random) {
    int dice = random.nextInt(10);
    if (dice == 0) {
      return new Cidr(ClientAddress.v6(globalNetwork(random), random.nextLong()), 128);
    }
    int length = dice < 6 ? 64 : dice < 9 ? 48 : 56;
    return new Cidr(ClientAddress.v6(globalNetwork(random) & -1L << (64 - length), 0), length);
  }

  /** The upper half of an address in 2000::/3. */
  private static long globalNetwork(RandomGenerator random) {
    return (random.nextLong() >>> 3) | (1L << 61);
  }

  /** An address that lies in one of these in so many of a hundred cases, else any of the family. */
  static ClientAddress address(boolean v6, List<Cidr> prefixes, int held, RandomGenerator random) {
    if (random.nextInt(100) < held) {
      return in(prefixes.get(random.nextInt(prefixes.size())), random);
    }
    return v6
        ? ClientAddress.v6(globalNetwork(random), random.nextLong())
        : ClientAddress.v4(random.nextInt());
  }

  private static ClientAddress in(Cidr prefix, RandomGenerator random) {
    int free = prefix.width() - prefix.length();
    ClientAddress network = prefix.network();
    return network.isV6()
        ? ClientAddress.v6(
            network.high() | (random.nextLong() & Bits.lowMaskHigh(free)),
            network.low() | (random.nextLong() & Bits.lowMaskLow(free)))
        : ClientAddress.v4((int) (network.low() | (random.nextLong() & Bits.lowMaskLow(free))));
  }
}
