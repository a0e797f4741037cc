package io.weir.daemon.admin;

import io.weir.core.status.AskedRequest;
import io.weir.core.status.ExplainedRequest;
import io.weir.core.status.ProxyStatus;
import io.weir.core.status.ProxyStatus.BackendStatus;
import io.weir.core.status.ProxyStatus.ListenerStatus;
import io.weir.core.status.ProxyStatus.PoolStatus;
import io.weir.core.status.ProxyStatus.RuleStatus;
import io.weir.core.status.Refused;
import io.weir.core.status.RefusedSince;
import io.weir.daemon.state.KeptBans;
import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.ban.BanTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A process that has what a test says. */
final class FakeOperations implements Operations {
  static final Instant NOW = Instant.parse("2026-11-22T06:00:00Z");

  ReloadResult next = new ReloadResult.Reloaded(2, List.of("admin changed"));
  boolean ready = true;
  int reloads;
  volatile boolean draining;
  volatile List<Refused> news = List.of();
  private final BanTable bans = new BanTable(new SplittableRandom(1));
  final List<Refused> refused =
      List.of(
          new Refused(
              NOW.toEpochMilli(),
              ClientAddress.v4(0x0a000001),
              "bad",
              "deny",
              403,
              0,
              "path",
              "/x",
              null,
              "web",
              new Refused.Request(
                  "r1", "GET", "a", "/x?y=z", "h2", "all", "1.3", "a", null, null, false, 1, null)),
          new Refused(
              NOW.toEpochMilli() - 1000,
              ClientAddress.v4(0x0a000002),
              null,
              "ban",
              0,
              0,
              "ip",
              "10.0.0.2",
              "trap",
              "web",
              null));

  @Override
  public ProxyStatus proxy() {
    return new ProxyStatus(
        1,
        "epoll",
        "BoringSSL",
        2,
        !ready,
        List.of(new ListenerStatus("web", "http", true, List.of("127.0.0.1:8443"), 3)),
        List.of(),
        List.of(
            new PoolStatus(
                "app", "random", List.of(new BackendStatus("a:1", 2, false, true, 4, null)))),
        List.of(new RuleStatus("bad", "deny", "report", 5, 1_700_000_000_000L)));
  }

  @Override
  public ProcessStatus process() {
    return new ProcessStatus(
        "1.0",
        "abc",
        "25",
        42,
        NOW.minusSeconds(90),
        ready,
        "weir.yaml",
        "0a1b",
        NOW,
        "ok",
        new KeptBans.Place(Path.of("/var/lib/weir/bans"), null));
  }

  @Override
  public BanTable bans() {
    return bans;
  }

  @Override
  public Executor bansExecutor() {
    return Runnable::run;
  }

  @Override
  public CompletableFuture<List<Refused>> refusals(int limit) {
    return CompletableFuture.completedFuture(refused.subList(0, Math.min(limit, refused.size())));
  }

  @Override
  public CompletableFuture<RefusedSince> refusedSince(List<RefusedSince.Mark> marks, int limit) {
    return CompletableFuture.completedFuture(
        new RefusedSince(
            marks.isEmpty() ? List.of() : news, 0, List.of(new RefusedSince.Mark(1, 1))));
  }

  @Override
  public boolean draining() {
    return draining;
  }

  @Override
  public CompletableFuture<Optional<Refused>> refusal(String requestId) {
    return CompletableFuture.completedFuture(
        refused.stream()
            .filter(one -> one.request() != null && one.request().id().equals(requestId))
            .findFirst());
  }

  @Override
  public CompletableFuture<ExplainedRequest> explain(AskedRequest asked) {
    return CompletableFuture.completedFuture(
        new ExplainedRequest.Unclear("no way for " + asked.target()));
  }

  @Override
  public CompletableFuture<ReloadResult> reload() {
    reloads++;
    return CompletableFuture.supplyAsync(() -> next);
  }
}
