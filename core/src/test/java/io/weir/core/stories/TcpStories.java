package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.BackendConfig;
import io.weir.core.config.HealthConfig;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.PoolConfig;
import io.weir.core.config.PoolConfig.BalanceConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.DeadEnd;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stillness;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.core.testkit.Wire;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bytes relayed as they are: their ends, their waits, and backends that cannot be had. */
class TcpStories extends Stories {
  private static final String DB = "db";
  private static final Duration SOON = Duration.ofMillis(300);

  /** Longer than any thread of a test is held up. */
  private static final Duration AMPLE = Duration.ofSeconds(2);

  private static final Duration LATE = Duration.ofSeconds(60);
  private static final long BULK = 256L << 20;

  private static ProxySetup relay(InetSocketAddress... backends) {
    return relaying(proxy()).pool(DB, backends);
  }

  private static ProxySetup relaying(ProxySetup setup) {
    return setup.listens(DB, new ListenerConfig.Relay(DB), null);
  }

  private ByteClient connects(WeirUnderTest weir) {
    return keeps(ByteClient.connect(weir.address(DB)));
  }

  private static Script echoes(int count) {
    return on -> {
      on.sends(on.receivesBytes(count)).waitsForEnd();
    };
  }

  @Test
  void aClientThatHasSaidAllStillHearsTheAnswer() {
    ByteBackend backend =
        backend(on -> {
          on.sends("220 hello\r\n");
          on.waitsForEnd();
          on.sends("221 bye\r\n");
        });
    ByteClient client = connects(starts(relay(backend.address())));
    assertThat(client.receivesBytes(11)).isEqualTo("220 hello\r\n");
    client.sends("QUIT\r\n").finishesSending();
    assertThat(client.receivesUntilEof()).isEqualTo("221 bye\r\n");
    backend.seesEndOf(0);
    assertThat(new String(backend.connection(0).received())).isEqualTo("QUIT\r\n");
  }

  @Test
  void aBackendThatHasSaidAllStillHearsTheClient() {
    ByteBackend backend =
        backend(on -> {
          on.sends("all there is");
          on.finishesSending();
          on.waitsForEnd();
        });
    ByteClient client = connects(starts(relay(backend.address())));
    assertThat(client.receivesUntilEof()).isEqualTo("all there is");
    client.sends("thank you").finishesSending();
    backend.seesEndOf(0);
    assertThat(new String(backend.connection(0).received())).isEqualTo("thank you");
  }

  @Test
  void aClientMayEndBeforeTheBackendHasTakenTheConnection() {
    ByteBackend backend =
        backend(on -> {
          on.waitsForEnd();
          on.sends("pong");
        });
    WeirUnderTest weir = starts(relay(backend.address()));
    for (int i = 0; i < 50; i++) {
      ByteClient client = connects(weir);
      client.sends("ping").finishesSending();
      assertThat(client.receivesUntilEof()).isEqualTo("pong");
      assertThat(new String(backend.connection(i).received())).isEqualTo("ping");
    }
  }

  @Test
  void manyBytesBothWaysAtOnceComeAsTheyWent() throws Exception {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    byte[] up = new byte[3 << 20];
    byte[] down = new byte[3 << 20];
    new SplittableRandom(seed).nextBytes(up);
    new SplittableRandom(~seed).nextBytes(down);
    ByteBackend backend =
        backend(on -> {
          Thread sender = Thread.ofVirtual().start(() -> on.sends(down));
          assertThat(Arrays.equals(on.receivesBytes(up.length), up)).as("seed %d", seed).isTrue();
          sender.join();
          on.waitsForEnd();
        });
    WeirUnderTest weir = starts(relay(backend.address()));
    ByteClient client = connects(weir);
    Thread sender = Thread.ofVirtual().start(() -> client.sends(up));
    byte[] got = Wire.bytes(client.receivesBytes(down.length));
    assertThat(Arrays.equals(got, down)).as("seed %d", seed).isTrue();
    sender.join();
    client.finishesSending();
    backend.seesEndOf(0);
    weir.eventually("weir_connection_bytes_total", up.length, DB, "in");
    weir.eventually("weir_connection_bytes_total", down.length, DB, "out");
    weir.eventually("weir_pool_bytes_total", down.length, DB, "in");
    weir.eventually("weir_pool_bytes_total", up.length, DB, "out");
  }

  @Test
  void whatIsRelayedIsCounted() {
    ByteBackend backend = backend(echoes(5));
    WeirUnderTest weir = starts(relay(backend.address()));
    ByteClient client = connects(weir);
    assertThat(client.sends("hello").receivesBytes(5)).isEqualTo("hello");
    weir.eventually("weir_connections", 1, DB);
    weir.eventually("weir_pool_connections", 1, DB, "active");
    weir.eventually("weir_pool_connections_opened_total", 1, DB);
    weir.eventually("weir_pool_connect_duration_seconds_count", 1, DB);
    assertThat(weir.figure("weir_connection_duration_seconds_count", DB)).isZero();
    client.finishesSending();
    client.receivesEof();
    weir.eventually("weir_connection_duration_seconds_count", 1, DB);
    weir.eventually("weir_connections", 0, DB);
    assertThat(weir.figure("weir_pool_connections", DB, "active")).isZero();
    assertThat(weir.figure("weir_pool_requests_in_flight", DB)).isZero();
  }

  @Test
  void aBackendThatRefusesOrIsSilentIsPassedOver() {
    DeadEnd refusing = keeps(DeadEnd.refusing());
    DeadEnd silent = keeps(DeadEnd.silent());
    ByteBackend backend = backend(echoes(2));
    WeirUnderTest weir =
        starts(
            relay(refusing.address(), silent.address(), backend.address())
                .backendTimeouts(AMPLE, LATE));
    for (int i = 0; i < 6; i++) {
      assertThat(connects(weir).sends("hi").receivesBytes(2)).isEqualTo("hi");
    }
    assertThat(weir.figure("weir_pool_retries_total", DB, "ok")).isPositive();
    assertThat(weir.figure("weir_pool_failures_total", DB, "connect")).isPositive();
    assertThat(weir.figure("weir_pool_failures_total", DB, "timeout")).isPositive();
  }

  @Test
  void aClientOfNobodyIsSentAway() {
    DeadEnd refusing = keeps(DeadEnd.refusing());
    WeirUnderTest weir = starts(relay(refusing.address()));
    connects(weir).receivesClose();
    weir.eventually("weir_connections", 0, DB);
    weir.eventually("weir_connections_rejected_total", 1, DB, "no_backend");
    assertThat(weir.figure("weir_pool_connections", DB, "active")).isZero();
  }

  @Test
  void aClientThatLeavesWhileABackendIsDialledLeavesNothingBehind() {
    DeadEnd silent = keeps(DeadEnd.silent());
    WeirUnderTest weir = starts(relay(silent.address()).backendTimeouts(LATE, LATE));
    ByteClient client = connects(weir);
    weir.eventually("weir_pool_connections", 1, DB, "active");
    client.resets();
    weir.eventually("weir_connections", 0, DB);
    weir.eventually("weir_pool_connections", 0, DB, "active");
  }

  @Test
  void aRelayThatPassesNothingForTooLongIsEnded() {
    ByteBackend backend = backend(echoes(2));
    WeirUnderTest weir = starts(relay(backend.address()).tunnelIdle(AMPLE));
    ByteClient client = connects(weir);
    client.sends("hi").receivesBytes(2);
    client.receivesClose();
    backend.seesEndOf(0);
  }

  @Test
  void aRelayThatPassesSomethingNowAndThenGoesOn() throws Exception {
    ByteBackend backend = backend(echoes(10));
    WeirUnderTest weir = starts(relay(backend.address()).tunnelIdle(AMPLE));
    ByteClient client = connects(weir);
    for (int i = 0; i < 10; i++) {
      Thread.sleep(300); // what it is about: silences shorter than the longest allowed
      client.sends("x");
    }
    client.receivesBytes(10);
  }

  @Test
  void anAnswerThatComesBeforeTheQuestionHasEndedIsHeard() {
    ByteBackend backend =
        backend(on -> {
          on.receivesBytes(1000);
          on.sends("refused: too long");
          on.closes(); // with bytes unread: the kernel sends RST behind the answer
        });
    WeirUnderTest weir = starts(relay(backend.address()));
    for (int i = 0; i < 20; i++) {
      ByteClient client = connects(weir);
      client.sendsWhatIsTaken("x".repeat(200_000));
      assertThat(client.receivesUntilClose()).isEqualTo("refused: too long");
      client.close();
    }
    weir.eventually("weir_connections", 0, DB);
  }

  @Test
  void aClientThatResetsIsGoneForTheBackendToo() {
    ByteBackend backend = backend(Script.answers("never asked"));
    WeirUnderTest weir = starts(relay(backend.address()));
    ByteClient client = connects(weir);
    backend.connection(0);
    client.resets();
    backend.seesEndOf(0);
    weir.eventually("weir_connections", 0, DB);
  }

  @Test
  @Timeout(120)
  void aDownloadWaitsForItsReader() throws Exception {
    ByteBackend backend = backend(on -> on.sendsZeros(BULK));
    WeirUnderTest weir = starts(relay(backend.address()));
    ByteClient client = keeps(ByteClient.connectWithSmallWindow(weir.address(DB)));
    try (Memory memory = Memory.watch()) {
      client.receivesAndDrops(1 << 20);
      assertThat(Stillness.of(backend.connection(0)::sentCount)).isLessThan(BULK / 4);
      assertThat(memory.growthWhilePaused()).isLessThan(BULK / 8);
      client.receivesAndDrops(BULK - (1 << 20));
      client.receivesEof();
      assertThat(memory.mostDirectGrowth()).isLessThan(BULK / 8);
    }
  }

  @Test
  @Timeout(120)
  void anUploadWaitsForItsReader() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend backend =
        keeps(ByteBackend.withSmallWindow(on -> on.waitsFor(gate).drops(BULK).sends("done")));
    WeirUnderTest weir = starts(relay(backend.address()));
    ByteClient client = connects(weir);
    try (Memory memory = Memory.watch()) {
      Thread sender = Thread.ofVirtual().start(() -> client.sendsZeros(BULK));
      assertThat(Stillness.of(client::sentCount)).isLessThan(BULK / 4);
      assertThat(memory.growthWhilePaused()).isLessThan(BULK / 8);
      gate.countDown();
      sender.join();
      assertThat(client.receivesBytes(4)).isEqualTo("done");
      assertThat(memory.mostDirectGrowth()).isLessThan(BULK / 8);
    }
  }

  @Test
  void connectionsAreSharedOutByThePolicy() {
    ByteBackend light = backend(echoes(1));
    ByteBackend heavy = backend(echoes(1));
    ByteBackend spare = backend(echoes(1));
    List<BackendConfig> backends =
        List.of(
            new BackendConfig(ProxySetup.hostPort(light.address()), 1, false),
            new BackendConfig(ProxySetup.hostPort(heavy.address()), 3, false),
            new BackendConfig(ProxySetup.hostPort(spare.address()), 1, true));
    WeirUnderTest weir =
        starts(
            relaying(proxy())
                .pool(
                    DB,
                    new PoolConfig(
                        BalanceConfig.ROUND_ROBIN,
                        backends,
                        null,
                        KeepAliveConfig.DEFAULTS,
                        null)));
    for (int i = 0; i < 8; i++) {
      connects(weir).sends("x").receivesBytes(1);
    }
    assertThat(light.acceptedConnections()).isEqualTo(2);
    assertThat(heavy.acceptedConnections()).isEqualTo(6);
    assertThat(spare.acceptedConnections()).isZero();
  }

  @Test
  void theLessBusyBackendGetsTheNextConnection() {
    List<ByteBackend> backends = Stream.generate(() -> backend(echoes(1))).limit(2).toList();
    List<BackendConfig> configs =
        backends.stream()
            .map(one -> new BackendConfig(ProxySetup.hostPort(one.address()), 1, false))
            .toList();
    WeirUnderTest weir =
        starts(
            relaying(proxy())
                .pool(
                    DB,
                    new PoolConfig(
                        BalanceConfig.LEAST_REQUESTS,
                        configs,
                        null,
                        KeepAliveConfig.DEFAULTS,
                        null)));
    for (int i = 0; i < 10; i++) {
      connects(weir).sends("x").receivesBytes(1);
    }
    assertThat(backends).allMatch(backend -> backend.acceptedConnections() == 5);
  }

  @Test
  void aBackendThatFailsItsChecksGetsNoConnection() {
    ByteBackend good = backend(echoes(1));
    ByteBackend bad = backend(echoes(1));
    HealthConfig checks =
        new HealthConfig(
            new HealthConfig.Tcp(), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1);
    WeirUnderTest weir =
        starts(relaying(proxy()).pool(DB, checks, null, good.address(), bad.address()));
    bad.refusesFromNowOn();
    weir.eventually("weir_pool_backends", 1, DB, "down");
    assertThat(weir.figure("weir_connections_rejected_total", DB)).isZero();
    double before = weir.figure("weir_pool_failures_total", DB, "connect");
    for (int i = 0; i < 6; i++) {
      connects(weir).sends("x").receivesBytes(1);
    }
    weir.eventually("weir_pool_failures_total", before, DB, "connect");
  }

  @Test
  void aClientOfAPoolThatIsDownIsSentAwayAndCounted() {
    ByteBackend bad = backend(echoes(1));
    bad.refusesFromNowOn();
    HealthConfig checks =
        new HealthConfig(
            new HealthConfig.Tcp(), Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1);
    WeirUnderTest weir = starts(relaying(proxy()).pool(DB, checks, null, bad.address()));
    weir.eventually("weir_pool_backends", 1, DB, "down");
    connects(weir).receivesClose();
    weir.eventually("weir_connections_rejected_total", 1, DB, "no_backend");
    assertThat(weir.figure("weir_pool_failures_total", DB)).isZero();
  }

  @Test
  void drainWaitsForRelaysAndCloseCutsThem() throws Exception {
    ByteBackend backend = backend(echoes(2));
    WeirUnderTest weir = starts(relay(backend.address()));
    ByteClient client = connects(weir);
    client.sends("h");
    backend.connection(0);
    var address = weir.address(DB);
    Future<Boolean> drained = CompletableFuture.supplyAsync(() -> weir.drain(LATE));
    ByteBackend.waitsUntil("refused connections", () -> ByteClient.isRefusedBy(address));
    assertThat(client.sends("i").receivesBytes(2)).isEqualTo("hi");
    assertThat(drained.isDone()).isFalse();
    client.finishesSending();
    client.receivesEof();
    assertThat(drained.get(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void drainGivesUpOnRelaysThatGoOn() {
    ByteBackend backend = backend(echoes(2));
    WeirUnderTest weir = WeirUnderTest.start(relay(backend.address()).config());
    ByteClient client;
    try (weir) {
      client = connects(weir);
      client.sends("h");
      backend.connection(0);
      assertThat(weir.drain(SOON)).isFalse();
    }
    client.receivesClose();
  }

  @Test
  void aReloadThatTakesTheListenerLetsItsRelaysGoOn() {
    ByteBackend backend = backend(echoes(4));
    WeirUnderTest weir = starts(relay(backend.address()).listens("web"));
    ByteClient client = connects(weir);
    client.sends("ab");
    backend.connection(0);
    var address = weir.address(DB);
    assertThat(weir.apply(proxy().listens("web").config())).isEmpty();
    ByteBackend.waitsUntil("the listener's end", () -> ByteClient.isRefusedBy(address));
    assertThat(client.sends("cd").receivesBytes(4)).isEqualTo("abcd");
  }

  @Test
  void hundredsOfRelaysAtOnceEachGetTheirOwn() {
    ByteBackend backend = backend(echoes(8));
    WeirUnderTest weir = starts(relay(backend.address()).workers(2).connections(2_000, 2_000));
    List<ByteClient> clients = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      clients.add(connects(weir));
    }
    for (int i = 0; i < clients.size(); i++) {
      clients.get(i).sends("%08d".formatted(i));
    }
    for (int i = 0; i < clients.size(); i++) {
      assertThat(clients.get(i).receivesBytes(8)).isEqualTo("%08d".formatted(i));
    }
  }
}
