package io.weir.daemon.yaml;

import io.weir.core.config.ConfigError;
import io.weir.daemon.problem.Position;
import io.weir.daemon.problem.Problem;
import java.util.HashMap;
import java.util.Map;

/** Where each value of a configuration was written. */
public final class SourceMap {
  private final Map<String, Position> positions = new HashMap<>();

  private SourceMap() {}

  public static SourceMap of(Yaml document) {
    SourceMap map = new SourceMap();
    map.add("", document);
    return map;
  }

  /**
   * Where a value such as {@code pools.web.backends[2].weight} stands, or, where the file does not
   * say it, the nearest value around it.
   */
  public Position find(String path) {
    String known = path;
    Position at = positions.get(known);
    while (at == null) {
      known =
          known.substring(0, Math.max(0, Math.max(known.lastIndexOf('.'), known.lastIndexOf('['))));
      at = positions.get(known);
    }
    return at;
  }

  /** Whether the file says anything there. */
  public boolean says(String path) {
    return positions.containsKey(path);
  }

  /** What a check found, at its place in the files. */
  public Problem problem(Problem.Severity severity, ConfigError found) {
    String other = found.other();
    return new Problem(
        severity,
        find(found.path()),
        found.path(),
        found.message(),
        found.hint(),
        other == null ? null : find(other));
  }

  private void add(String path, Yaml value) {
    positions.put(path, value.at());
    switch (value) {
      case Yaml.Scalar scalar -> {}
      case Yaml.Sequence sequence -> {
        for (int i = 0; i < sequence.items().size(); i++) {
          add(Yaml.child(path, i), sequence.items().get(i));
        }
      }
      case Yaml.Mapping mapping ->
          mapping.entries().forEach((key, entry) -> add(Yaml.child(path, key), entry.value()));
    }
  }
}
