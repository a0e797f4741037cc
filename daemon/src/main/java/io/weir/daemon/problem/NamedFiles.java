package io.weir.daemon.problem;

import static io.weir.daemon.problem.Problems.related;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The files that a configuration names, for which of its keys, and what was in them. */
public final class NamedFiles {
  private final Map<Path, Set<String>> keys = new LinkedHashMap<>();
  private final Map<Path, byte[]> contents = new LinkedHashMap<>();
  private final Map<Path, byte[]> asBefore;

  /** None yet; each is read from where it lies. */
  NamedFiles() {
    this(Map.of());
  }

  private NamedFiles(Map<Path, byte[]> asBefore) {
    this.asBefore = asBefore;
  }

  /** None yet; these will be taken for what they were here. */
  public NamedFiles again(Set<Path> kept) {
    Map<Path, byte[]> before = new LinkedHashMap<>(contents);
    before.keySet().retainAll(kept);
    return new NamedFiles(before);
  }

  /** A file was named at that path of the configuration, whether or not it can be read. */
  public void names(String key, Path file) {
    keys.computeIfAbsent(file, named -> new LinkedHashSet<>()).add(key);
  }

  /** What is to be taken for its content whatever it is now; null if it is to be read. */
  public byte @Nullable [] asBefore(Path file) {
    return asBefore.get(file);
  }

  public void wasRead(Path file, byte[] content) {
    contents.put(file, content);
  }

  public Set<Path> all() {
    return keys.keySet();
  }

  /** The files that were read for what stands at that path of the configuration, or within it. */
  public Set<Path> readFor(String path) {
    Set<Path> files = new LinkedHashSet<>();
    keys.forEach((file, named) -> {
      if (contents.containsKey(file) && named.stream().anyMatch(key -> related(key, path))) {
        files.add(file);
      }
    });
    return files;
  }
}
