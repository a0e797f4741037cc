package io.weir.daemon.problem;

import static io.weir.daemon.problem.Problems.related;

import io.weir.daemon.watch.FileStamp;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files that a configuration names, for which of its keys, and what was taken from them. */
public final class NamedFiles {
  private final Map<Path, Set<String>> keys = new LinkedHashMap<>();
  private final Map<Path, FileStamp> stamps = new LinkedHashMap<>();
  private final Map<Path, Map<String, Object>> taken = new LinkedHashMap<>();
  private final Map<Path, Map<String, Object>> asBefore;

  /** None yet; each is read from where it lies. */
  NamedFiles() {
    this(Map.of());
  }

  private NamedFiles(Map<Path, Map<String, Object>> asBefore) {
    this.asBefore = asBefore;
  }

  /** None yet; these will be taken for what they were here. */
  public NamedFiles again(Set<Path> kept) {
    Map<Path, Map<String, Object>> before = new LinkedHashMap<>(taken);
    before.keySet().retainAll(kept);
    return new NamedFiles(before);
  }

  /**
   * A file was named at that path of the configuration, whether or not it can be read; to be said
   * before it is read.
   */
  public void names(String key, Path file) {
    keys.computeIfAbsent(file, named -> new LinkedHashSet<>()).add(key);
    stamps.computeIfAbsent(file, FileStamp::of);
  }

  /**
   * What is to be taken for its content whatever it is now; null if it is to be read.
   *
   * @param as what was made of it, of that type
   */
  public <T> @Nullable T asBefore(Path file, String as, Class<T> type) {
    return type.cast(asBefore.getOrDefault(file, Map.of()).get(as));
  }

  /**
   * A file was read.
   *
   * @param as what was made of it; one file may be of use in several ways
   * @param made is kept for {@link #again}: all of a file, or what is needed of a large one
   */
  public void wasRead(Path file, String as, Object made) {
    taken.computeIfAbsent(file, read -> new HashMap<>()).put(as, made);
  }

  /** All that were named, each as it was before it was read. */
  public Map<Path, FileStamp> all() {
    return Collections.unmodifiableMap(stamps);
  }

  /** The files that were read for what stands at that path of the configuration, or within it. */
  public Set<Path> readFor(String path) {
    Set<Path> files = new LinkedHashSet<>();
    keys.forEach((file, named) -> {
      if (taken.containsKey(file) && named.stream().anyMatch(key -> related(key, path))) {
        files.add(file);
      }
    });
    return files;
  }
}
