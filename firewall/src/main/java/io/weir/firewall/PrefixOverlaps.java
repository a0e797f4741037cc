package io.weir.firewall;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds prefixes that say nothing, because others of the same set hold them. */
final class PrefixOverlaps {
  private static final int MOST = 100_000; // longer lists are made by programs, and sorting costs

  private static final Comparator<Cidr> WIDER_FIRST =
      Comparator.comparing((Cidr prefix) -> prefix.network().isV6())
          .thenComparing(Cidr::network, PrefixOverlaps::compare)
          .thenComparingInt(Cidr::length);

  private PrefixOverlaps() {}

  /** How many there are, with one of them; null if there are none. */
  static @Nullable String find(List<Cidr> prefixes) {
    if (prefixes.size() < 2 || prefixes.size() > MOST) {
      return null;
    }
    int count = 0;
    String example = "";
    Cidr open = null;
    for (Cidr prefix : prefixes.stream().sorted(WIDER_FIRST).toList()) {
      if (open == null || !open.contains(prefix.network())) {
        open = prefix;
        continue;
      }
      if (count++ == 0) {
        example = prefix.equals(open) ? prefix + " is there twice" : prefix + " is part of " + open;
      }
    }
    if (count == 0) {
      return null;
    }
    return count == 1 ? example : example + ", and " + (count - 1) + " more like it";
  }

  private static int compare(ClientAddress one, ClientAddress other) {
    int byHigh = Long.compareUnsigned(one.high(), other.high());
    return byHigh != 0 ? byHigh : Long.compareUnsigned(one.low(), other.low());
  }
}
