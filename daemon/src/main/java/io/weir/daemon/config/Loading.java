package io.weir.daemon.config;

import java.util.List;

/** What reading a configuration gives: one that can be used, or every reason why not. */
public sealed interface Loading {
  /**
   * It can be used.
   *
   * @param warnings in the order of the files
   */
  record Loaded(WeirConfig config, List<Problem> warnings, SourceMap sources) implements Loading {
    public Loaded {
      warnings = List.copyOf(warnings);
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
