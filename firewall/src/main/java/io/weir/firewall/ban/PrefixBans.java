package io.weir.firewall.ban;

import io.weir.firewall.address.AddressMap;
import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bans of prefixes that are wider than one client; immutable. */
final class PrefixBans {
  static final PrefixBans NONE = new PrefixBans(List.of());

  private final List<Ban> bans;
  private final AddressMap map; // an address to places in the list
  private final long[] until; // of each ban

  private PrefixBans(List<Ban> bans) {
    this.bans = bans;
    List<Cidr> prefixes = bans.stream().map(Ban::clients).toList();
    int[] places = new int[bans.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = i;
    }
    map = AddressMap.of(prefixes, places);
    until = bans.stream().mapToLong(Ban::untilMillis).toArray();
  }

  static PrefixBans of(Collection<Ban> bans) {
    return new PrefixBans(List.copyOf(bans));
  }

  boolean isBanned(ClientAddress client, long epochMillis) {
    return until.length != 0 && place(client, epochMillis) >= 0;
  }

  /** The narrowest ban that holds. */
  @Nullable Ban find(ClientAddress client, long epochMillis) {
    int place = place(client, epochMillis);
    return place < 0 ? null : bans.get(place);
  }

  private int place(ClientAddress client, long epochMillis) {
    for (int node = map.find(client); node >= 0; node = map.next(node)) {
      if (until[map.label(node)] > epochMillis) {
        return map.label(node);
      }
    }
    return -1;
  }

  /** The ban of exactly that prefix, whether it holds or not. */
  @Nullable Ban of(Cidr prefix) {
    for (Ban ban : bans) {
      if (ban.clients().equals(prefix)) {
        return ban;
      }
    }
    return null;
  }

  /** With more of them, each in the place of that of the same prefix. */
  PrefixBans with(Collection<Ban> more) {
    Map<Cidr, Ban> all = byPrefix();
    more.forEach(ban -> all.put(ban.clients(), ban));
    return of(all.values());
  }

  /** A map of one's own. */
  Map<Cidr, Ban> byPrefix() {
    Map<Cidr, Ban> all = new LinkedHashMap<>();
    bans.forEach(ban -> all.put(ban.clients(), ban));
    return all;
  }

  PrefixBans without(Cidr prefix) {
    List<Ban> rest = new ArrayList<>(bans);
    rest.removeIf(ban -> ban.clients().equals(prefix));
    return new PrefixBans(List.copyOf(rest));
  }

  /** Those that hold; the same object if all do. */
  PrefixBans holding(long epochMillis) {
    List<Ban> rest = bans.stream().filter(ban -> ban.holds(epochMillis)).toList();
    return rest.size() == bans.size() ? this : new PrefixBans(rest);
  }

  List<Ban> all() {
    return bans;
  }
}
