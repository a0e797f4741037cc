package io.weir.core.compile;

import io.weir.core.config.ConfigError;
import io.weir.core.listener.Endpoint;
import io.weir.core.snapshot.Snapshot;
import io.weir.metrics.MetricsGeneration;
import java.util.List;

/** What compiling a configuration gives: something to adopt, or every reason why not. */
public sealed interface Compiled {
  /**
   * It can be adopted. Nothing of it is visible yet.
   *
   * @param endpoints what must be bound
   * @param contexts TLS contexts borrowed for it, to be closed when no snapshot uses them
   * @param metrics its series, to be published with it
   * @param health what is to be checked once it runs
   * @param notes what the operator should know, though nothing is wrong
   */
  record Ready(
      Snapshot snapshot,
      List<Endpoint> endpoints,
      BorrowedContexts contexts,
      MetricsGeneration metrics,
      List<PoolWatch> health,
      List<ConfigError> notes)
      implements Compiled {}

  /** At least one error; everything that was borrowed for it was given back. */
  record Rejected(List<ConfigError> errors) implements Compiled {}
}
