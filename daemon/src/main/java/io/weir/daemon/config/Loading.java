package io.weir.daemon.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What reading a configuration gives: one that can be used, or every reason why not. */
public sealed interface Loading {
  /**
   * It can be used.
   *
   * @param warnings in the order of the files
   * @param files that it names: certificates, keys, lists, pages
   */
  record Loaded(WeirConfig config, List<Problem> warnings, SourceMap sources, Set<Path> files)
      implements Loading {
    public Loaded {
      warnings = List.copyOf(warnings);
      files = Set.copyOf(files);
    }
  }

  /**
   * It cannot.
   *
   * @param problems errors and warnings in the order of the files
   */
  record Broken(List<Problem> problems) implements Loading {
    public Broken {
      problems = List.copyOf(problems);
    }
  }
}
