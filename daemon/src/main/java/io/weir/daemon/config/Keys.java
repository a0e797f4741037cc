package io.weir.daemon.config;

import java.util.Arrays;
import java.util.List;

/**
 * The keys that a map may have.
 *
 * @param known read by this version
 * @param later described for other versions of Weir: refused, but not as a spelling mistake
 */
record Keys(List<String> known, List<String> later) {
  Keys {
    known = List.copyOf(known);
    later = List.copyOf(later);
  }

  static Keys of(String... known) {
    return new Keys(Arrays.asList(known), List.of());
  }

  Keys later(String... names) {
    return new Keys(known, Arrays.asList(names));
  }
}
