package io.weir.daemon.service;

import io.weir.core.Proxy;
import io.weir.core.status.AskedRequest;
import io.weir.core.status.ExplainedRequest;
import io.weir.core.status.ProxyStatus;
import io.weir.core.status.Refused;
import io.weir.core.status.RefusedSince;
import io.weir.daemon.admin.Operations;
import io.weir.daemon.admin.ProcessStatus;
import io.weir.daemon.admin.ReloadResult;
import io.weir.daemon.cli.BuildInfo;
import io.weir.daemon.state.KeptBans;
import io.weir.firewall.ban.BanTable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Gives what the admin endpoint asks to the part of the daemon that knows. Any thread. */
final class DaemonOperations implements Operations {
  private final BuildInfo build;
  private final String source;
  private final Lifetime life;
  private final Proxy proxy;
  private final KeptBans bans;
  private final ReloadThread reloads;

  /**
   * Of a daemon with these parts.
   *
   * @param source what the operator calls the configuration
   */
  DaemonOperations(
      BuildInfo build,
      String source,
      Lifetime life,
      Proxy proxy,
      KeptBans bans,
      ReloadThread reloads) {
    this.build = build;
    this.source = source;
    this.life = life;
    this.proxy = proxy;
    this.bans = bans;
    this.reloads = reloads;
  }

  @Override
  public ProxyStatus proxy() {
    return proxy.status();
  }

  @Override
  public ProcessStatus process() {
    Serving now = reloads.serving();
    return new ProcessStatus(
        build.version(),
        build.revision(),
        Runtime.version().toString(),
        ProcessHandle.current().pid(),
        life.began(),
        life.isReady(),
        source,
        now.hash(),
        now.loaded(),
        now.lastReload(),
        bans.place());
  }

  @Override
  public CompletableFuture<List<Refused>> refusals(int limit) {
    return proxy.refusals(limit);
  }

  @Override
  public CompletableFuture<RefusedSince> refusedSince(List<RefusedSince.Mark> marks, int limit) {
    return proxy.refusedSince(marks, limit);
  }

  @Override
  public boolean draining() {
    return life.isDraining();
  }

  @Override
  public CompletableFuture<Optional<Refused>> refusal(String requestId) {
    return proxy.refusal(requestId);
  }

  @Override
  public CompletableFuture<ExplainedRequest> explain(AskedRequest asked) {
    // Ten thousand rules take a moment, which the control loop has not.
    return CompletableFuture.supplyAsync(
        () -> proxy.explain(asked), task -> Thread.ofVirtual().start(task));
  }

  @Override
  public CompletableFuture<ReloadResult> reload() {
    return reloads.reload();
  }

  @Override
  public BanTable bans() {
    return bans.table();
  }

  @Override
  public Executor bansExecutor() {
    return bans.executor();
  }
}
