package io.weir.daemon.admin;

import io.weir.core.status.ProxyStatus;
import io.weir.firewall.ban.BanTable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What the admin endpoint asks of the daemon, on the control loop. */
public interface Operations {
  /** What is served, and how it is. */
  ProxyStatus proxy();

  /** The process around it. */
  ProcessStatus process();

  /** Reads the configuration again; completes when all workers serve it, or with why not. */
  CompletableFuture<ReloadResult> reload();

  /** Who is banned; to be read and changed on the thread for it, see {@link #bansExecutor}. */
  BanTable bans();

  /** What runs on it may look at a million bans, or wait until another thread wrote. */
  Executor bansExecutor();
}
