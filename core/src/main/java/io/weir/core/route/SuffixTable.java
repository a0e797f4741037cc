package io.weir.core.route;

import org.jspecify.annotations.Nullable;

/** Scopes by domain suffix: the longest suffix that a host lies below. */
final class SuffixTable {
  /*
   * Open addressing with linear probes. The hash of a suffix is taken from its last character to
   * its first, so that one pass over the host from the right gives the hash of every suffix in
   * turn, and a probe is made at each dot. Only configured suffixes are in the table, at most half
   * full: a client cannot lengthen the probes, and the walk ends at the longest suffix there is.
   */

  private final @Nullable String[] suffixes;
  private final @Nullable Scope[] scopes;
  private final int mask;
  private int longest;

  SuffixTable(int size) {
    int capacity = Integer.highestOneBit(Math.max(1, size)) * 4;
    this.suffixes = new String[capacity];
    this.scopes = new Scope[capacity];
    this.mask = capacity - 1;
  }

  /** The scope of the longest suffix that has at least one character and a dot before it. */
  @Nullable Scope longest(String host) {
    Scope found = null;
    int hash = 0;
    int stop = Math.max(1, host.length() - longest - 1);
    for (int i = host.length() - 1; i >= stop; i--) {
      char c = host.charAt(i);
      if (c == '.') {
        Scope scope = scopes[slot(host, i + 1, hash)];
        found = scope != null ? scope : found;
      }
      hash = hash * 31 + c;
    }
    return found;
  }

  void put(String suffix, Scope scope) {
    int hash = 0;
    for (int i = suffix.length() - 1; i >= 0; i--) {
      hash = hash * 31 + suffix.charAt(i);
    }
    int slot = slot(suffix, 0, hash);
    suffixes[slot] = suffix;
    scopes[slot] = scope;
    longest = Math.max(longest, suffix.length());
  }

  /** Where the suffix of {@code host} from {@code start} is, or the free slot where it would be. */
  private int slot(String host, int start, int hash) {
    int length = host.length() - start;
    int slot = spread(hash) & mask;
    while (true) {
      String suffix = suffixes[slot];
      if (suffix == null || (suffix.length() == length && host.endsWith(suffix))) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
  }

  /** Mixes high bits down; a polynomial of 31 leaves them unused. */
  private static int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed ^ (mixed >>> 16);
  }
}
