package io.weir.daemon.config;

import io.weir.daemon.problem.Problem;
import io.weir.daemon.watch.FileStamp;
import io.weir.daemon.yaml.SourceMap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What reading a configuration gives: one that can be used, or every reason why not. */
public sealed interface Loading {
  /**
   * It can be used.
   *
   * @param warnings in the order of the files
   * @param rest what is needed to read it again
   */
  record Loaded(WeirConfig config, List<Problem> warnings, SourceMap sources, Reading rest)
      implements Loading {
    public Loaded {
      warnings = List.copyOf(warnings);
    }

    /** The files that it names, as they were before they were read: keys, lists, pages. */
    public Map<Path, FileStamp> files() {
      return rest.files();
    }

    /** The same for a configuration that differs in what its lists hold. */
    public Loaded with(WeirConfig other) {
      return new Loaded(other, warnings, sources, rest);
    }
  }

  /** A configuration as it was read, apart from the files that it names. */
  interface Reading {
    /** The files that it names, each as it was before it was read. */
    Map<Path, FileStamp> files();

    /** Of these the ones that were read for what stands at that path of it. */
    Set<Path> filesFor(String path);

    /**
     * The same configuration with what is in those files now, for somebody who compiles it next.
     *
     * @param kept files whose content is to be what it was
     */
    Loading again(Set<Path> kept);
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
