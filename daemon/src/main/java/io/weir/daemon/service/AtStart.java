package io.weir.daemon.service;

import io.weir.core.config.RuntimeConfig.TransportChoice;
import io.weir.daemon.config.AdminConfig;
import io.weir.daemon.config.LoggingConfig.Access;
import io.weir.daemon.config.SharedStateConfig;
import io.weir.daemon.config.WeirConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a configuration says of things that are made once, when the process starts. */
record AtStart(
    int workers,
    TransportChoice transport,
    AdminConfig admin,
    @Nullable Access accessLog,
    @Nullable Path firewallLog,
    @Nullable SharedStateConfig shared) {

  static AtStart of(WeirConfig config) {
    return new AtStart(
        config.proxy().runtime().workers(),
        config.proxy().runtime().transport(),
        config.admin(),
        config.logging().access(),
        config.logging().firewall(),
        config.shared());
  }

  /** What the operator should know who wrote something else than what runs. */
  List<String> notes(AtStart wanted) {
    List<String> notes = new ArrayList<>();
    note("workers", workers, wanted.workers, notes);
    note("transport", transport, wanted.transport, notes);
    note("admin", admin, wanted.admin, notes);
    note("logging.access", accessLog, wanted.accessLog, notes);
    note("logging.firewall", firewallLog, wanted.firewallLog, notes);
    note("shared_state", shared, wanted.shared, notes);
    return notes;
  }

  private static void note(
      String key, @Nullable Object runs, @Nullable Object wanted, List<String> notes) {
    if (!Objects.equals(runs, wanted)) {
      notes.add(key + " changed: it takes effect at the next start");
    }
  }
}
