package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ProxyConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Limits on connections, reload and drain. */
class LifecycleStories extends Stories {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void moreConnectionsThanAllowedAreClosed() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().app(backend).connections(3, 100));
    List<ByteClient> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(client(weir));
      clients.get(i).sends(GET).receives(200);
    }
    assertThat(ByteClient.isSentAwayFrom(weir.address(ProxySetup.WEB))).isTrue();
    clients.getFirst().close();
    eventuallyServes(weir);
    clients.getLast().sends(GET).receives(200);
  }

  @Test
  void moreConnectionsOfOneAddressThanAllowedAreClosed() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().app(backend).connections(100, 2).workers(2));
    ByteClient first = client(weir);
    first.sends(GET).receives(200);
    ByteClient second = client(weir);
    second.sends(GET).receives(200);
    assertThat(ByteClient.isSentAwayFrom(weir.address(ProxySetup.WEB))).isTrue();
    first.close();
    eventuallyServes(weir);
  }

  /** The end of a connection takes a moment to be seen. */
  private void eventuallyServes(WeirUnderTest weir) {
    ByteBackend.waitsUntil("a free place", () -> serves(weir));
  }

  private boolean serves(WeirUnderTest weir) {
    try (ByteClient client = ByteClient.connect(weir.address(ProxySetup.WEB))) {
      return client.sends(GET).receivesResponse().status() == 200;
    } catch (AssertionError | UncheckedIOException closed) {
      return false;
    }
  }

  @Test
  void aConnectionEndsAfterItsLastRequest() {
    ByteBackend backend = backend(Script.answers(OK));
    ByteClient client = client(starts(proxy().app(backend).requestsPerConnection(3)));
    assertThat(client.sends(GET).receives(200).saysClose()).isFalse();
    assertThat(client.sends(GET).receives(200).saysClose()).isFalse();
    assertThat(client.sends(GET).receives(200).saysClose()).isTrue();
    client.receivesEof();
  }

  @Test
  void drainLetsTheAnswerEndAndThenCloses() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.waitsFor(gate).sends(OK).waitsForEnd();
        });
    WeirUnderTest weir = starts(proxy().app(backend));
    ByteClient client = client(weir);
    client.sends(GET);
    backend.receivesOneRequest();
    var address = weir.address(ProxySetup.WEB);
    Future<Boolean> drained = CompletableFuture.supplyAsync(() -> weir.drain(PATIENCE));
    ByteBackend.waitsUntil("refused connections", () -> ByteClient.isSentAwayFrom(address));
    assertThat(drained.isDone()).isFalse();
    gate.countDown();
    Response response = client.receives(200);
    assertThat(response.saysClose()).isTrue();
    client.receivesEof();
    assertThat(drained.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void drainEndsAConnectionWhoseAnswerHadBegunBefore() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello").waitsFor(gate);
          on.sends("world").waitsForEnd();
        });
    WeirUnderTest weir = starts(proxy().app(backend));
    ByteClient client = client(weir);
    client.sends(GET).receivesHead();
    var address = weir.address(ProxySetup.WEB);
    Future<Boolean> drained = CompletableFuture.supplyAsync(() -> weir.drain(PATIENCE));
    ByteBackend.waitsUntil("refused connections", () -> ByteClient.isSentAwayFrom(address));
    gate.countDown();
    assertThat(client.receivesUntilEof()).isEqualTo("helloworld");
    assertThat(drained.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void drainLeavesAClientTheTimeToReadItsAnswer() throws Exception {
    String much = "x".repeat(16 << 20); // more than the kernel holds on the way
    WeirUnderTest weir =
        starts(proxy().route("", "", new RouteConfig.Respond(200, much, "text/plain")));
    ByteClient client = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
    client.sends(GET).receivesHead();
    weir.log().line(0); // as a request it is over
    var address = weir.address(ProxySetup.WEB);
    Future<Boolean> drained = CompletableFuture.supplyAsync(() -> weir.drain(PATIENCE));
    ByteBackend.waitsUntil("refused connections", () -> ByteClient.isSentAwayFrom(address));
    assertThat(client.receivesUntilEof()).hasSize(much.length());
    assertThat(drained.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void drainClosesIdleConnectionsAndGivesUpInTheEnd() {
    ByteBackend backend = backend(Script.answers(OK), Script.stalls());
    WeirUnderTest weir = starts(proxy().app(backend));
    ByteClient idle = client(weir);
    idle.sends(GET).receives(200);
    ByteClient busy = client(weir);
    backend.connection(0).closes();
    backend.seesEndOf(0);
    busy.sends(GET);
    backend.connection(1);
    assertThat(weir.drain(Duration.ofMillis(200))).isFalse();
    idle.receivesEof();
    weir.close();
    assertThat(weir.log().line(1).outcome()).isEqualTo("stopped");
    assertThat(weir.log().line(1).status()).isZero();
    weir.eventually("weir_http_errors_total", 1);
    assertThat(weir.figure("weir_pool_failures_total")).isZero();
  }

  @Test
  void whatIsCutOnAStreamWhenItStopsIsNotItsClientsDoing() {
    ByteBackend backend = backend(Script.stalls());
    WeirUnderTest weir = starts(proxy().listensH2c(ProxySetup.WEB).app(backend));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.asks(1);
    backend.connection(0);
    assertThat(weir.drain(Duration.ofMillis(200))).isFalse();
    weir.close();
    assertThat(weir.log().line(0).outcome()).isEqualTo("stopped");
  }

  @Test
  void anIdleClientIsServedByTheNewConfiguration() {
    ByteBackend before = backend(Script.answers(OK.replace("hello", "befor")));
    ByteBackend after = backend(Script.answers(OK.replace("hello", "after")));
    WeirUnderTest weir = starts(proxy().app(before));
    ByteClient client = client(weir);
    assertThat(client.sends(GET).receives(200).bodyText()).isEqualTo("befor");
    assertThat(weir.apply(proxy().app(after).config())).isEmpty();
    assertThat(client.sends(GET).receives(200).bodyText()).isEqualTo("after");
    before.seesEndOf(0); // the connection that was kept for a backend of no use any more
  }

  @Test
  void anExchangeEndsInTheConfigurationInWhichItBegan() {
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend before =
        backend(on -> {
          on.receivesRequest();
          on.sends("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello").waitsFor(gate);
          on.sends("world").waitsForEnd();
        });
    ByteBackend after = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().app(before));
    ByteClient client = client(weir);
    client.sends(GET).receivesHead();
    assertThat(weir.apply(proxy().app(after).config())).isEmpty();
    gate.countDown();
    assertThat(client.receivesBytes(10)).isEqualTo("helloworld");
    client.sends(GET).receives(200);
    after.receivesOneRequest();
  }

  @Test
  void aBrokenConfigurationLeavesTheOldOneServing() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().app(backend));
    ByteClient client = client(weir);
    client.sends(GET).receives(200);
    ProxyConfig broken = proxy().app(backend).route("x", "", "nowhere").config();
    assertThat(weir.apply(broken)).anyMatch(error -> error.message().contains("nowhere"));
    client.sends(GET).receives(200);
    client(weir).sends(GET).receives(200);
  }

  @Test
  void aListenerThatStaysKeepsItsAddressAndOneThatGoesIsGone() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().listens("web").listens("other").app(backend));
    var web = weir.address("web");
    var other = weir.address("other");
    ByteClient onOther = keeps(ByteClient.connect(other));
    onOther.sends(GET).receives(200);
    assertThat(weir.apply(proxy().listens("web").app(backend).config())).isEmpty();
    assertThat(weir.address("web")).isEqualTo(web);
    client(weir).sends(GET).receives(200);
    ByteBackend.waitsUntil("the listener's end", () -> ByteClient.isSentAwayFrom(other));
    assertThat(weir.figure("weir_connections", "other")).as("who is still there").isEqualTo(1);
    weir.eventually("weir_http_requests_total", 1, "other", "200");
    onOther.sends(GET).receives(200);
    onOther.receivesClose();
    weir.eventually("weir_connections_accepted_total", 0, "other");
  }

  @Test
  void whoCameToAListenerThatIsGoneIsJudgedAsOneWhoCameThere() {
    ByteBackend backend = backend(Script.answers(OK));
    RuleConfig inside =
        new RuleConfig(
            "inside", new MatchConfig.Listener(Set.of("inner")), new ActionConfig.Allow());
    RuleConfig admin =
        new RuleConfig(
            "admin",
            new MatchConfig.Path(List.of(StringPattern.ofPath("/admin/*"))),
            new ActionConfig.Deny(403));
    ProxySetup both = proxy().listens("outer").listens("inner").app(backend).rules(inside, admin);
    WeirUnderTest weir = starts(both);
    String asked = GET.replace("GET / ", "GET /admin/x ");
    ByteClient outer = keeps(ByteClient.connect(weir.address("outer")));
    outer.sends(asked).receives(403);
    ProxySetup innerOnly = proxy().listens("inner").app(backend).rules(inside, admin);
    assertThat(weir.apply(innerOnly.config())).isEmpty();
    assertThat(outer.sends(asked).receives(403).saysClose()).isTrue();
    keeps(ByteClient.connect(weir.address("inner"))).sends(asked).receives(200);
  }

  @Test
  void reloadUnderLoadLosesNothing() throws Exception {
    ByteBackend first = backend(Script.answers(OK));
    ByteBackend second = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().workers(2).app(first));
    AtomicBoolean enough = new AtomicBoolean();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        boolean reconnects = i % 2 == 0;
        clients.add(threads.submit(() -> askUntil(weir, enough, reconnects)));
      }
      try {
        for (int i = 0; i < 20; i++) {
          ProxySetup next = proxy().workers(2).app(i % 2 == 0 ? second : first);
          assertThat(weir.apply(next.config())).isEmpty();
          int seen = first.requests().size() + second.requests().size();
          ByteBackend.waitsUntil(
              "more requests",
              () -> first.requests().size() + second.requests().size() > seen + 20);
        }
      } finally {
        enough.set(true);
      }
      int answered = 0;
      for (Future<Integer> client : clients) {
        answered += client.get();
      }
      assertThat(first.requests().size() + second.requests().size()).isEqualTo(answered);
    }
  }

  private static int askUntil(WeirUnderTest weir, AtomicBoolean enough, boolean reconnects) {
    int asked = 0;
    ByteClient client = ByteClient.connect(weir.address(ProxySetup.WEB));
    try {
      while (!enough.get()) {
        client.sends(GET).receives(200);
        asked++;
        if (reconnects) {
          client.close();
          client = ByteClient.connect(weir.address(ProxySetup.WEB));
        }
      }
    } finally {
      client.close();
    }
    return asked;
  }
}
