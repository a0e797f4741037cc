package io.weir.firewall.address;

import java.util.Collection;

/**
 * A set of address prefixes, asked whether any of them holds an address; immutable, allocates
 * nothing on lookup.
 */
public final class AddressSet {
  private final AddressMap map;
  private final int size;

  private AddressSet(AddressMap map, int size) {
    this.map = map;
    this.size = size;
  }

  /** The set of these prefixes, which may repeat and overlap. */
  public static AddressSet of(Collection<Cidr> prefixes) {
    int size = prefixes.size();
    return new AddressSet(AddressMap.of(prefixes, new int[size]), size);
  }

  public boolean contains(ClientAddress address) {
    return map.find(address) >= 0;
  }

  /** How many prefixes it was made of. */
  public int size() {
    return size;
  }
}
