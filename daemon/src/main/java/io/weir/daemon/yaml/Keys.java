package io.weir.daemon.yaml;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys that a map may have.
 *
 * @param known read by this version
 * @param later described for other versions of Weir: refused, but not as a spelling mistake
 * @param elsewhere what to write instead, by keys that belong to another map
 */
public record Keys(List<String> known, List<String> later, Map<String, String> elsewhere) {
  public Keys {
    known = List.copyOf(known);
    later = List.copyOf(later);
    elsewhere = Map.copyOf(elsewhere);
  }

  public static Keys of(String... known) {
    return new Keys(Arrays.asList(known), List.of(), Map.of());
  }

  public Keys later(String... names) {
    return new Keys(known, Arrays.asList(names), elsewhere);
  }

  /** Says where some keys belong that are written here by mistake; known ones are left alone. */
  public Keys elsewhere(List<String> names, String hint) {
    Map<String, String> all = new HashMap<>(elsewhere);
    names.stream().filter(name -> !known.contains(name)).forEach(name -> all.put(name, hint));
    return new Keys(known, later, all);
  }
}
