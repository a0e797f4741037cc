package io.weir.daemon.yaml;

import java.util.Arrays;
import java.util.List;

/**
 * The keys that a map may have.
 *
 * @param known read by this version
 * @param later described for other versions of Weir: refused, but not as a spelling mistake
 */
public record Keys(List<String> known, List<String> later) {
  public Keys {
    known = List.copyOf(known);
    later = List.copyOf(later);
  }

  public static Keys of(String... known) {
    return new Keys(Arrays.asList(known), List.of());
  }

  public Keys later(String... names) {
    return new Keys(known, Arrays.asList(names));
  }
}
