package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.core.config.HostPort;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.RuntimeConfig.TransportChoice;
import io.weir.core.config.UnixPath;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Change;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.TlsOffer;
import io.weir.core.testkit.UnixClient;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.core.worker.Transport;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who has connected to an address that goes is served, also if nobody has accepted the connection
 * yet: each loop is held while clients come.
 */
@Timeout(120)
class RetiringListenerStories extends Stories {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final Duration PATIENCE = ByteClient.PATIENCE;

  /** Several times what a loop accepts at once. */
  private static final int CROWD = 100;

  /** Far less than a connection may ask for in any case. */
  private static final int MOST_BEFORE = 100;

  private final CountDownLatch gate = new CountDownLatch(1);

  @TempDir private Path folder;

  /** Every worker stands still in the midst of a turn. */
  private void holdsLoops(WeirUnderTest weir, int workers) {
    keeps(gate::countDown);
    weir.log().holdsLoopsUntil(gate);
    ByteBackend.waitsUntil(
        "held loops",
        () -> {
          boolean all = weir.log().lines().size() == workers;
          if (!all) {
            client(weir).sends(GET); // whichever worker it comes to
          }
          return all;
        });
  }

  /** Begins it; the loops go on once each has been told of it, and not before. */
  private Change begins(Callable<Boolean> work) {
    Change change = Change.begins(work).hasToldHeldLoops();
    gate.countDown();
    return change;
  }

  private List<ByteClient> crowdAt(InetSocketAddress address) {
    List<ByteClient> crowd = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      crowd.add(keeps(ByteClient.connect(address)).sends(GET));
    }
    return crowd;
  }

  private Change reloads(WeirUnderTest weir, ProxySetup next) {
    return begins(() -> {
      assertThat(weir.apply(next.config())).isEmpty();
      return true;
    });
  }

  private Change drains(WeirUnderTest weir) {
    return begins(() -> weir.drain(PATIENCE));
  }

  /** With NIO a socket is closed in the turn after the one that said so. */
  private static void isGone(InetSocketAddress address) {
    ByteBackend.waitsUntil("refused connections", () -> ByteClient.isRefusedBy(address));
  }

  private static void assumesItHas(TransportChoice transport) {
    assumeTrue(
        transport != TransportChoice.IO_URING || Transport.IO_URING.isAvailable(),
        "this kernel has no io_uring");
  }

  /** With io_uring some of the crowd may be served before their worker hears of the change. */
  @ParameterizedTest
  @EnumSource(
      value = TransportChoice.class,
      names = {"EPOLL", "IO_URING", "NIO"})
  void whoWaitsAtAListenerThatIsRemovedIsServed(TransportChoice transport) throws Exception {
    assumesItHas(transport);
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir =
        starts(
            proxy()
                .transport(transport)
                .workers(2)
                .listens(ProxySetup.WEB)
                .listens("other")
                .app(backend));
    InetSocketAddress other = weir.address("other");
    holdsLoops(weir, 2);
    List<ByteClient> crowd = crowdAt(other);
    ProxySetup rest = proxy().transport(transport).workers(2).listens(ProxySetup.WEB);
    Change applied = reloads(weir, rest.app(backend));
    for (ByteClient client : crowd) {
      int answers = 1;
      while (!client.receives(200).saysClose()) {
        assertThat(answers++).as("answers by what is gone").isLessThan(MOST_BEFORE);
        client.sends(GET);
      }
      client.receivesEof();
    }
    applied.isMade();
    isGone(other);
  }

  @ParameterizedTest
  @EnumSource(
      value = TransportChoice.class,
      names = {"EPOLL", "IO_URING", "NIO"})
  void whoWaitsWhenTheProcessStopsIsServed(TransportChoice transport) throws Exception {
    assumesItHas(transport);
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().transport(transport).workers(2).app(backend));
    InetSocketAddress web = weir.address(ProxySetup.WEB);
    holdsLoops(weir, 2);
    List<ByteClient> crowd = crowdAt(web);
    Change drained = drains(weir);
    for (ByteClient client : crowd) {
      boolean last = client.receives(200).saysClose();
      assertThat(last || transport == TransportChoice.IO_URING).isTrue();
      client.receivesEof();
    }
    drained.isMade();
    isGone(web);
  }

  @Test
  void whoWaitsAtASocketThatIsRemovedIsServed() throws Exception {
    ByteBackend backend = backend(Script.answers(OK));
    Path socket = folder.resolve("front.sock");
    ListenerConfig file =
        new ListenerConfig(
            List.of(new UnixPath(socket.toString())),
            new ListenerConfig.Http(),
            List.of(HttpProtocol.HTTP_1_1),
            null);
    WeirUnderTest weir =
        starts(proxy().workers(2).listens(ProxySetup.WEB).listens("file", file).app(backend));
    holdsLoops(weir, 2);
    List<UnixClient> crowd = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      crowd.add(keeps(UnixClient.connect(socket)).sends(GET));
    }
    Change applied = reloads(weir, proxy().workers(2).listens(ProxySetup.WEB).app(backend));
    for (UnixClient client : crowd) {
      assertThat(client.receivesUntilEof()).contains("200 OK", "Connection: close", "hello");
    }
    applied.isMade();
    assertThat(socket).doesNotExist();
  }

  @Test
  void whoWaitsAtAnAddressWhoseListenerMovedIsServedAsBefore() throws Exception {
    ByteBackend backend = backend(Script.answers(OK));
    HostPort stays = new HostPort("127.0.0.2", 0);
    ListenerConfig http =
        new ListenerConfig(
            List.of(new HostPort("127.0.0.1", 0), stays), new ListenerConfig.Http(), null);
    WeirUnderTest weir =
        starts(proxy().listens(ProxySetup.WEB).listens("moving", http).app(backend));
    InetSocketAddress before = weir.address("moving");
    holdsLoops(weir, 1);
    List<ByteClient> crowd = crowdAt(before);
    ListenerConfig tcp =
        new ListenerConfig(List.of(stays), new ListenerConfig.Relay(ProxySetup.APP), null);
    ProxySetup moved = proxy().listens(ProxySetup.WEB).listens("moving", tcp).app(backend);
    Change applied = reloads(weir, moved);
    for (ByteClient client : crowd) {
      client.receives(200);
    }
    applied.isMade();
    assertThat(weir.address("moving")).isNotEqualTo(before);
    isGone(before);
  }

  @Test
  void aHandshakeThatHadNotBegunWhenAListenerWentIsCompleted() throws Exception {
    Openssl.CertificateFiles certificate = Openssl.selfSigned(folder, "app.example");
    ByteBackend backend = backend(Script.answers(OK));
    ProxySetup both = proxy().certificate("app", certificate).app(backend);
    WeirUnderTest weir = starts(both.listens(ProxySetup.WEB).listensTls("other", "app"));
    InetSocketAddress other = weir.address("other");
    holdsLoops(weir, 1);
    Future<ByteClient> client = shakesHands(other);
    ProxySetup rest = proxy().certificate("app", certificate).app(backend);
    Change applied = reloads(weir, rest.listens(ProxySetup.WEB));
    ByteClient known = keeps(client.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertThat(known.sends(GET).receives(200).saysClose()).isTrue();
    applied.isMade();
  }

  /** Is connected when this ends, and waits for the other side to speak. */
  private static Future<ByteClient> shakesHands(InetSocketAddress address) {
    ByteClient.Dialled dialled = ByteClient.dials(address);
    return CompletableFuture.supplyAsync(
        () -> dialled.shakesHands(TlsOffer.named("app.example")), Thread::startVirtualThread);
  }

  @Test
  void whoComesAndAsksNothingIsLetGoWhenTheProcessStops() throws Exception {
    WeirUnderTest weir = starts(proxy().app(backend(Script.answers(OK))));
    ByteClient silent = client(weir);
    weir.eventually("weir_connections", 1, ProxySetup.WEB);
    Change drained = Change.begins(() -> weir.drain(PATIENCE));
    silent.receivesEof();
    drained.isMade();
  }
}
