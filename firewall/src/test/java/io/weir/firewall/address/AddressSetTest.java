package io.weir.firewall.address;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.IPAddress;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv4.IPv4AddressTrie;
import inet.ipaddr.ipv6.IPv6Address;
import inet.ipaddr.ipv6.IPv6AddressTrie;
import io.weir.firewall.testing.Luck;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AddressSetTest {
  @Test
  void theEdgesOfTheAddressSpaceBelongToIt() {
    AddressSet all = AddressSet.of(List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")));
    AddressSet last =
        AddressSet.of(
            List.of(
                Cidr.parse("255.255.255.255"),
                Cidr.parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")));
    for (String text :
        List.of("0.0.0.0", "255.255.255.255", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")) {
      ClientAddress address = ClientAddress.parse(text);
      assertThat(all.contains(address)).as(text).isTrue();
      assertThat(last.contains(address))
          .as(text)
          .isEqualTo(text.contains("255") || text.contains("f"));
    }
  }

  @Test
  void anEmptySetHoldsNothing() {
    AddressSet none = AddressSet.of(List.of());
    assertThat(none.contains(ClientAddress.parse("0.0.0.0"))).isFalse();
    assertThat(none.contains(ClientAddress.parse("ffff::"))).isFalse();
  }

  @Test
  void ipv6PrefixesHoldNoIpv4Address() {
    AddressSet v6 = AddressSet.of(List.of(Cidr.parse("::/0")));
    assertThat(v6.contains(ClientAddress.parse("10.0.0.1"))).isFalse();
  }

  @Test
  void agreesWithALookThroughTheList() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 100; round++) {
      List<Cidr> prefixes = prefixes(random, random.nextInt(60), random.nextBoolean());
      int[] labels = prefixes.stream().mapToInt(p -> random.nextInt(20)).toArray();
      compare(prefixes, labels, random, seed);
    }
  }

  @Test
  void largeSetsAgreeWithALookThroughTheListHoweverTheirPrefixesLie() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 60; round++) {
      List<Cidr> prefixes = new ArrayList<>(prefixes(random, random.nextInt(1500), false));
      for (int clusters = random.nextInt(20); clusters > 0; clusters--) {
        ClientAddress centre = address(random, random.nextBoolean(), false);
        int spread = random.nextInt(4, 40);
        for (int i = random.nextInt(100); i > 0; i--) {
          prefixes.add(beside(centre, spread, random));
        }
      }
      int kinds = random.nextInt(1, round % 3 == 0 ? 40 : 4);
      int[] labels = prefixes.stream().mapToInt(p -> random.nextInt(kinds)).toArray();
      compare(prefixes, labels, random, seed);
    }
  }

  @Test
  void aSetOfVeryManyNetworksIsOneOfThemAll() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    Set<Long> networks = new HashSet<>();
    List<Cidr> prefixes = new ArrayList<>();
    while (prefixes.size() < 600_000) { // more than a million starts of intervals
      long network = random.nextLong() >>> 3 | 1L << 61;
      if (networks.add(network)) {
        prefixes.add(new Cidr(ClientAddress.v6(network, 0), 64));
      }
    }
    AddressSet set = AddressSet.of(prefixes);
    for (int i = 0; i < 100_000; i++) {
      long network = prefixes.get(random.nextInt(prefixes.size())).network().high();
      long asked = network ^ (random.nextBoolean() ? 0 : 1L << random.nextInt(61));
      assertThat(set.contains(ClientAddress.v6(asked, random.nextLong())))
          .as("seed %d, %x", seed, asked)
          .isEqualTo(networks.contains(asked));
    }
  }

  /** An address or a short prefix that agrees with another in all but so many low bits. */
  private static Cidr beside(ClientAddress centre, int spread, SplittableRandom random) {
    long noise = random.nextLong() >>> (Long.SIZE - spread);
    int cut = random.nextInt(4);
    if (!centre.isV6()) {
      return cut(ClientAddress.v4((int) (centre.low() ^ noise)), 32 - cut);
    }
    return random.nextInt(4) == 0
        ? cut(ClientAddress.v6(centre.high(), centre.low() ^ noise), 128 - cut)
        : cut(ClientAddress.v6(centre.high() ^ noise, 0), 64 - cut);
  }

  private static void compare(
      List<Cidr> prefixes, int[] labels, SplittableRandom random, long seed) {
    AddressSet set = AddressSet.of(prefixes);
    AddressMap map = AddressMap.of(prefixes, labels);
    for (int i = 0; i < 300; i++) {
      ClientAddress address = near(random, prefixes);
      Set<Integer> expected = new HashSet<>();
      for (int p = 0; p < labels.length; p++) {
        if (prefixes.get(p).contains(address)) {
          expected.add(labels[p]);
        }
      }
      List<Integer> found = new ArrayList<>();
      for (int node = map.find(address); node >= 0; node = map.next(node)) {
        found.add(map.label(node));
      }
      assertThat(found)
          .as("seed %d, %s in %d prefixes", seed, address, labels.length)
          .containsExactlyInAnyOrderElementsOf(expected);
      assertThat(set.contains(address)).as("seed %d", seed).isEqualTo(!expected.isEmpty());
    }
  }

  @Test
  void agreesWithAnotherImplementationOnManyPrefixes() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    List<Cidr> prefixes = prefixes(random, 20_000, false);
    AddressSet set = AddressSet.of(prefixes);
    IPv4AddressTrie trie4 = new IPv4AddressTrie();
    IPv6AddressTrie trie6 = new IPv6AddressTrie();
    for (Cidr prefix : prefixes) {
      IPAddress theirs = theirs(prefix.network()).toPrefixBlock(prefix.length());
      if (theirs.isIPv4()) {
        trie4.add(theirs.toIPv4());
      } else {
        trie6.add(theirs.toIPv6());
      }
    }
    int inside = 0;
    for (int i = 0; i < 50_000; i++) {
      ClientAddress address = near(random, prefixes);
      IPAddress theirs = theirs(address);
      boolean expected =
          theirs.isIPv4()
              ? trie4.elementContains(theirs.toIPv4())
              : trie6.elementContains(theirs.toIPv6());
      assertThat(set.contains(address)).as("seed %d, %s", seed, address).isEqualTo(expected);
      inside += expected ? 1 : 0;
    }
    assertThat(inside).as("both answers occur, seed %d", seed).isBetween(1_000, 49_000);
  }

  private static IPAddress theirs(ClientAddress address) {
    if (!address.isV6()) {
      return new IPv4Address((int) address.low());
    }
    byte[] bytes = new byte[16];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (address.high() >>> (56 - 8 * i));
      bytes[8 + i] = (byte) (address.low() >>> (56 - 8 * i));
    }
    return new IPv6Address(bytes);
  }

  /** Prefixes that nest and touch often if they are dense. */
  private static List<Cidr> prefixes(SplittableRandom random, int count, boolean dense) {
    List<Cidr> prefixes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean v6 = random.nextBoolean();
      int width = v6 ? 128 : 32;
      int length = dense ? random.nextInt(width + 1) : width / 2 + random.nextInt(width / 2 + 1);
      prefixes.add(cut(address(random, v6, dense), length));
    }
    return prefixes;
  }

  private static Cidr cut(ClientAddress address, int length) {
    if (!address.isV6()) {
      long mask = length == 0 ? 0 : -1L << (32 - length);
      return new Cidr(ClientAddress.v4((int) (address.low() & mask)), length);
    }
    long high =
        length >= 64 ? address.high() : length == 0 ? 0 : address.high() & -1L << (64 - length);
    long low = length <= 64 ? 0 : address.low() & -1L << (128 - length);
    ClientAddress first = ClientAddress.v6(high, low);
    return first.isV6() ? new Cidr(first, length) : new Cidr(first, 32);
  }

  private static ClientAddress address(SplittableRandom random, boolean v6, boolean dense) {
    long mask = dense ? 0x8000_0000_0000_0003L : -1L; // few distinct bits
    return v6
        ? ClientAddress.v6(random.nextLong() & mask, random.nextLong() & mask)
        : ClientAddress.v4((int) (dense ? random.nextInt() & 0xC000_0003 : random.nextInt()));
  }

  /** An address in, or one beside, one of the prefixes, or anywhere. */
  private static ClientAddress near(SplittableRandom random, List<Cidr> prefixes) {
    if (prefixes.isEmpty() || random.nextInt(4) == 0) {
      return address(random, random.nextBoolean(), random.nextBoolean());
    }
    Cidr prefix = prefixes.get(random.nextInt(prefixes.size()));
    int step = random.nextInt(-1, 2);
    ClientAddress edge = prefix.network();
    if (random.nextBoolean()) {
      edge =
          edge.isV6()
              ? ClientAddress.v6(prefix.lastHigh(), prefix.lastLow())
              : ClientAddress.v4((int) prefix.lastLow());
    }
    return edge.isV6()
        ? ClientAddress.v6(edge.high(), edge.low() + step)
        : ClientAddress.v4((int) edge.low() + step);
  }
}
