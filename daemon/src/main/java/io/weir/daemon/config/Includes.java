package io.weir.daemon.config;

import io.weir.daemon.problem.Problems;
import io.weir.daemon.problem.Reason;
import io.weir.daemon.yaml.Node;
import io.weir.daemon.yaml.Yaml;
import io.weir.daemon.yaml.Yaml.Entry;
import io.weir.daemon.yaml.Yaml.Mapping;
import io.weir.daemon.yaml.Yaml.Scalar;
import io.weir.daemon.yaml.Yaml.Sequence;
import io.weir.daemon.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Puts the files that {@code include:} names into the main one: sections are merged key by key,
 * ordered lists are continued in path order, and everything else may stand in one file only.
 */
final class Includes {
  private static final String INCLUDE = "include";
  private static final String VERSION = "version";

  /** Lists in which an included file's items follow those of the main file. */
  private static final Set<String> CONTINUED =
      Set.of("routes", "trusted_proxies", "firewall.rules");

  private final YamlReader reader;
  private final Problems problems;

  Includes(YamlReader reader, Problems problems) {
    this.reader = reader;
    this.problems = problems;
  }

  /** The main document with all that it includes. */
  Mapping resolve(Mapping main) {
    Entry include = main.entries().get(INCLUDE);
    if (include == null) {
      return main;
    }
    Mapping merged = main;
    int order = 0;
    for (Path file : files(include.value())) {
      Yaml part = reader.read(file, ++order);
      if (part instanceof Mapping mapping) {
        merged = merge(merged, sections(mapping), "");
      } else if (part != null) {
        problems.error(
            part.at(), "", part.inWords() + " (expected: a map, as in the main file)", null);
      }
    }
    return merged;
  }

  private SequencedSet<Path> files(Yaml include) {
    SequencedSet<Path> files = new LinkedHashSet<>();
    for (Node pattern : Node.section(include, INCLUDE, problems).list()) {
      Path base = pattern.at().source().path();
      try {
        for (Path file : Glob.find(base, pattern.text(""))) {
          if (file.equals(base)) {
            pattern.error("include: " + pattern.inWords() + " includes the file itself", null);
          } else {
            files.add(file);
          }
        }
      } catch (IllegalArgumentException malformed) {
        pattern.wrong("a file, or a pattern like conf.d/*.yaml");
      } catch (IOException unreadable) {
        pattern.error("include: " + pattern.inWords() + ": " + Reason.of(unreadable), null);
      }
    }
    return files;
  }

  /** What a file may add: its version must be the main file's, and it includes no others. */
  private Mapping sections(Mapping part) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>(part.entries());
    Entry nested = entries.remove(INCLUDE);
    if (nested != null) {
      problems.error(
          nested.keyAt(),
          INCLUDE,
          "include: in an included file (expected: only in the main file)",
          null);
    }
    Entry version = entries.remove(VERSION);
    if (version != null) {
      ConfigSection.checkVersion(Node.section(version.value(), VERSION, problems));
    }
    return new Mapping(part.at(), entries);
  }

  private Mapping merge(Mapping main, Mapping part, String path) {
    SequencedMap<String, Entry> merged = new LinkedHashMap<>(main.entries());
    part.entries()
        .forEach((key, added) ->
            merged.merge(
                key, added, (first, second) -> both(first, second, Yaml.child(path, key))));
    return new Mapping(main.at(), merged);
  }

  private Entry both(Entry first, Entry second, String path) {
    if (CONTINUED.contains(path)) {
      List<Yaml> items = new ArrayList<>(items(first.value()));
      items.addAll(items(second.value()));
      return new Entry(first.keyAt(), new Sequence(first.value().at(), items));
    }
    boolean section = path.indexOf('.') < 0;
    if (section && first.value() instanceof Mapping a && second.value() instanceof Mapping b) {
      return new Entry(first.keyAt(), merge(a, b, path));
    }
    if (!(section && second.value() instanceof Scalar scalar && scalar.empty())) {
      String key = path.substring(path.lastIndexOf('.') + 1);
      problems.error(
          second.keyAt(), path, "\"" + key + "\" again (first at " + first.keyAt() + ")", null);
    }
    return first;
  }

  private static List<Yaml> items(Yaml value) {
    return switch (value) {
      case Sequence sequence -> sequence.items();
      case Scalar scalar when scalar.empty() -> List.of();
      default -> List.of(value);
    };
  }
}
