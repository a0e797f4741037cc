package io.weir.daemon.admin;

import io.weir.core.status.AskedRequest;
import io.weir.core.status.ExplainedRequest;
import io.weir.core.status.ProxyStatus;
import io.weir.core.status.Refused;
import io.weir.core.status.RefusedSince;
import io.weir.firewall.ban.BanTable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What the admin endpoint asks of the daemon, on the control loop. */
public interface Operations {
  /** What is served, and how it is. */
  ProxyStatus proxy();

  /** The process around it. */
  ProcessStatus process();

  /** The latest refusals that are remembered, the latest first. */
  CompletableFuture<List<Refused>> refusals(int limit);

  /** What was refused since the marks of the last time, which are empty to begin with. */
  CompletableFuture<RefusedSince> refusedSince(List<RefusedSince.Mark> marks, int limit);

  /** Whether it is stopping, and waits for exchanges to end. */
  boolean draining();

  /** The refused request of that id, while it is remembered. */
  CompletableFuture<Optional<Refused>> refusal(String requestId);

  /** What would become of a request now. */
  CompletableFuture<ExplainedRequest> explain(AskedRequest asked);

  /** Reads the configuration again; completes when all workers serve it, or with why not. */
  CompletableFuture<ReloadResult> reload();

  /** Who is banned; to be read and changed on the thread for it, see {@link #bansExecutor}. */
  BanTable bans();

  /** What runs on it may look at a million bans, or wait until another thread wrote. */
  Executor bansExecutor();
}
