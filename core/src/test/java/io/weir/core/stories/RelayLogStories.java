package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HealthConfig;
import io.weir.core.config.ListenerConfig;
import io.weir.core.http.Failure;
import io.weir.core.log.ConnectionRecord;
import io.weir.core.testkit.AccessRecorder;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.DeadEnd;
import io.weir.core.testkit.Hello;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What relayed connections leave in the access log. */
class RelayLogStories extends Stories {
  private static final String DB = "db";
  private static final Duration SOON = Duration.ofMillis(300);
  private static final Duration LATE = Duration.ofSeconds(60);

  private static ProxySetup relay(InetSocketAddress... backends) {
    return proxy().listens(DB, new ListenerConfig.Relay(DB), null).pool(DB, backends);
  }

  private ByteClient connects(WeirUnderTest weir) {
    return keeps(ByteClient.connect(weir.address(DB)));
  }

  @Test
  void itsBytesItsTimesAndItsPlaces() {
    ByteBackend backend =
        backend(on -> {
          on.sends("220 hello\r\n").receivesBytes(6);
          on.waitsForEnd();
        });
    WeirUnderTest weir = starts(relay(backend.address()));
    ByteClient client = connects(weir);
    client.receivesBytes(11);
    client.sends("QUIT\r\n").finishesSending();
    client.receivesEof();
    ConnectionRecord line = weir.log().connection(0);
    assertThat(line.outcome()).isEqualTo("ok");
    assertThat(line.client()).hasToString("127.0.0.1").isEqualTo(line.peer());
    assertThat(line.bytesIn()).isEqualTo(6);
    assertThat(line.bytesOut()).isEqualTo(11);
    assertThat(line.connectNanos()).isBetween(0L, line.durationNanos());
    assertThat(line.listener()).isEqualTo(DB);
    assertThat(line.pool()).isEqualTo(DB);
    assertThat(line.backend()).isEqualTo(ProxySetup.hostPort(backend.address()).toString());
    assertThat(line.attempts()).isEqualTo(1);
    assertThat(line.serverName()).isNull();
  }

  @Test
  void itsClientIsWhomThePeerNames() {
    ByteBackend backend = backend(on -> on.sends("hi"));
    WeirUnderTest weir = starts(relay(backend.address()).toldByProxies(DB).trusts("127.0.0.1/32"));
    connects(weir)
        .sends("PROXY TCP4 192.0.2.7 192.0.2.1 4711 25\r\n")
        .finishesSending()
        .receivesUntilEof();
    ConnectionRecord line = weir.log().connection(0);
    assertThat(line.client()).hasToString("192.0.2.7");
    assertThat(line.peer()).hasToString("127.0.0.1");
    assertThat(line.bytesIn()).isZero(); // the header is not of the client
  }

  @Test
  void theServerNameThatChoseItsPool() {
    ByteBackend backend = backend(on -> on.receivesBytes(1));
    WeirUnderTest weir =
        starts(
            proxy()
                .pool("one", backend.address())
                .listens(
                    DB, new ListenerConfig.RelayByServerName(Map.of("one.test", "one")), null));
    byte[] hello = Hello.named("one.test");
    connects(weir).sends(hello).finishesSending().receivesClose();
    ConnectionRecord line = weir.log().connection(0);
    assertThat(line.serverName()).isEqualTo("one.test");
    assertThat(line.pool()).isEqualTo("one");
    assertThat(line.bytesIn()).isEqualTo(hello.length);
  }

  @Test
  void aBackendThatWasPassedOverIsAnAttempt() {
    DeadEnd refusing = keeps(DeadEnd.refusing());
    ByteBackend backend = backend(on -> on.sends("hi"));
    WeirUnderTest weir = starts(relay(refusing.address(), backend.address()).workers(1));
    for (int i = 0;
        i < 2;
        i++) { // in turn, so one of two at least begins with the one that refuses
      connects(weir).finishesSending().receivesUntilEof();
    }
    assertThat(List.of(weir.log().connection(0).attempts(), weir.log().connection(1).attempts()))
        .contains(2)
        .isSubsetOf(1, 2);
    assertThat(weir.log().connection(1).outcome()).isEqualTo("ok");
  }

  @Test
  void aBackendThatRefuses() {
    DeadEnd refusing = keeps(DeadEnd.refusing());
    WeirUnderTest weir = starts(relay(refusing.address()));
    connects(weir).receivesClose();
    ConnectionRecord line = weir.log().connection(0);
    assertThat(line.failure()).isEqualTo(Failure.CONNECT_FAILED);
    assertThat(line.backend()).isEqualTo(ProxySetup.hostPort(refusing.address()).toString());
    assertThat(line.connectNanos()).isEqualTo(-1);
  }

  @Test
  void aBackendThatIsSilent() {
    DeadEnd silent = keeps(DeadEnd.silent());
    WeirUnderTest weir = starts(relay(silent.address()).backendTimeouts(SOON, LATE));
    connects(weir).receivesClose();
    assertThat(weir.log().connection(0).failure()).isEqualTo(Failure.CONNECT_TIMEOUT);
  }

  @Test
  void noBackendAtAll() {
    ByteBackend down = backend(on -> {});
    down.refusesFromNowOn();
    HealthConfig checks = new HealthConfig(new HealthConfig.Tcp(), SOON, SOON, 1, 1);
    WeirUnderTest weir =
        starts(
            proxy()
                .listens(DB, new ListenerConfig.Relay(DB), null)
                .pool(DB, checks, null, down.address()));
    weir.eventually("weir_pool_backends", 1, DB, "down");
    connects(weir).receivesClose();
    ConnectionRecord line = weir.log().connection(0);
    assertThat(line.failure()).isEqualTo(Failure.NO_BACKEND);
    assertThat(line.backend()).isNull();
    assertThat(line.attempts()).isZero();
  }

  @Test
  void aClientThatLeavesBeforeThereIsABackend() {
    DeadEnd silent = keeps(DeadEnd.silent());
    WeirUnderTest weir = starts(relay(silent.address()).backendTimeouts(LATE, LATE));
    ByteClient client = connects(weir);
    weir.eventually("weir_pool_connections", 1, DB, "active");
    client.resets();
    assertThat(weir.log().connection(0).failure()).isEqualTo(Failure.CLIENT_CLOSED);
  }

  @Test
  void aStopThatCannotWait() {
    ByteBackend backend = backend(on -> on.receivesBytes(2));
    WeirUnderTest weir = WeirUnderTest.start(relay(backend.address()).config());
    AccessRecorder log = weir.log();
    try (weir) {
      connects(weir).sends("h");
      backend.connection(0);
      assertThat(weir.drain(SOON)).isFalse();
    }
    assertThat(log.connection(0).failure()).isEqualTo(Failure.STOPPED);
  }
}
