package io.weir.daemon.config;

import io.weir.core.config.RuntimeConfig;
import io.weir.core.config.RuntimeConfig.TransportChoice;
import io.weir.daemon.yaml.Fields;
import io.weir.daemon.yaml.Node;

/** Reads {@code transport:}, {@code workers:} and {@code via:}. */
final class RuntimeSection {
  private static final int ONE_PER_CORE = 0;

  private RuntimeSection() {}

  static RuntimeConfig read(Fields file) {
    return file.build(
        () ->
            new RuntimeConfig(
                file.word("transport", TransportChoice.class, TransportChoice.AUTO),
                workers(file),
                file.bool("via", true)),
        RuntimeConfig.DEFAULTS);
  }

  private static int workers(Fields file) {
    Node workers = file.get("workers");
    if (workers == null || workers.is("auto")) {
      return ONE_PER_CORE;
    }
    int number = workers.number(1);
    if (number < 1 || number > RuntimeConfig.MAX_WORKERS) {
      workers.wrong("auto, or 1 to " + RuntimeConfig.MAX_WORKERS);
      return ONE_PER_CORE;
    }
    return number;
  }
}
