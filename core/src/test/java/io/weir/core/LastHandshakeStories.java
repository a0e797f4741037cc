package io.weir.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.AccessRecorder;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Change;
import io.weir.core.testkit.FirewallRecorder;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.TlsOffer;
import io.weir.core.worker.Clock;
import io.weir.firewall.FirewallState;
import io.weir.metrics.Metrics;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who has just come when a process stops, and shakes hands; however slow this machine is. */
@Timeout(120)
class LastHandshakeStories extends Stories {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final Duration PATIENCE = ByteClient.PATIENCE;

  @TempDir private Path folder;

  private Proxy starts(ProxySetup setup, AccessRecorder log) throws StartException {
    return keeps(
        Proxy.start(
            setup.config(),
            new Metrics(1),
            new Proxy.Logs(log, new FirewallRecorder()),
            FirewallState.empty(new SecureRandom()),
            new Proxy.Time(Clock.SYSTEM, Duration.ZERO, Duration.ofMinutes(1), PATIENCE)));
  }

  @Test
  void aHandshakeThatHadNotBegunWhenTheProcessStopsIsCompleted() throws Exception {
    ByteBackend backend =
        backend(Script.answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    ProxySetup setup =
        proxy()
            .certificate("app", Openssl.selfSigned(folder, "app.example"))
            .listens(ProxySetup.WEB)
            .listensTls("other", "app")
            .app(backend);
    AccessRecorder log = new AccessRecorder();
    Proxy proxy = starts(setup, log);
    CountDownLatch gate = new CountDownLatch(1);
    keeps(gate::countDown);
    log.holdsLoopsUntil(gate);
    keeps(ByteClient.connect(proxy.address(ProxySetup.WEB))).sends(GET);
    log.line(0);
    ByteClient.Dialled dialled = ByteClient.dials(proxy.address("other"));
    Future<ByteClient> client =
        CompletableFuture.supplyAsync(
            () -> dialled.shakesHands(TlsOffer.named("app.example")), Thread::startVirtualThread);
    Change drained = Change.begins(() -> proxy.drain(PATIENCE.multipliedBy(2))).hasToldHeldLoops();
    gate.countDown();
    ByteClient known = keeps(client.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertThat(known.sends(GET).receives(200).saysClose()).isTrue();
    drained.isMade();
  }
}
