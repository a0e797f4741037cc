package io.weir.daemon.admin;

import io.weir.core.status.ProxyStatus;
import java.util.concurrent.CompletableFuture;

/** What the admin endpoint asks of the daemon, on the control loop. */
public interface Operations {
  /** What is served, and how it is. */
  ProxyStatus proxy();

  /** The process around it. */
  ProcessStatus process();

  /** Reads the configuration again; completes when all workers serve it, or with why not. */
  CompletableFuture<ReloadResult> reload();
}
