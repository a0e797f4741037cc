package io.weir.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.worker.Clock;
import io.weir.firewall.FirewallState;
import io.weir.metrics.Metrics;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys of session tickets that are nobody's but the process's own. */
class TicketRotationStories extends Stories {
  private static final String OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
  private static final String GET = "GET / HTTP/1.1\r\nHost: one.test\r\nConnection: close\r\n\r\n";
  private static final Duration OFTEN = Duration.ofMillis(20);

  @TempDir private Path folder;

  /** The system's clocks, but for the date. */
  private static final class Later implements Clock {
    private final AtomicLong millis = new AtomicLong();

    @Override
    public long nanos() {
      return SYSTEM.nanos();
    }

    @Override
    public long epochMillis() {
      return SYSTEM.epochMillis() + millis.get();
    }

    void passes(Duration time) {
      millis.addAndGet(time.toMillis());
    }
  }

  @Test
  void aKeyIsReplacedAndForgottenByItself() throws Exception {
    Later clock = new Later();
    ByteBackend backend = backend(Script.answers(OK));
    ProxySetup setup =
        proxy()
            .certificate("one", Openssl.selfSigned(folder, "one.test"))
            .listensTls("secure", "one")
            .app(backend);
    Proxy proxy =
        keeps(
            Proxy.start(
                setup.config(),
                new Metrics(1),
                Proxy.Logs.NONE,
                FirewallState.empty(new SecureRandom()),
                new Proxy.Time(clock, Duration.ofMinutes(5), OFTEN, Duration.ofSeconds(1))));
    InetSocketAddress address = proxy.address("secure");
    Path first = folder.resolve("first");
    assertThat(says(address, "-sess_out", first)).contains("New, TLSv1.3");
    assertThat(says(address, "-sess_in", first)).contains("Reused, TLSv1.3");
    clock.passes(Duration.ofHours(25));
    ByteBackend.waitsUntil(
        "the end of the first key",
        () -> says(address, "-sess_in", first).contains("New, TLSv1.3"));
    Path next = folder.resolve("next");
    assertThat(says(address, "-sess_out", next)).contains("New, TLSv1.3");
    assertThat(says(address, "-sess_in", next)).contains("Reused, TLSv1.3");
  }

  private static String says(InetSocketAddress address, String option, Path session) {
    String said = Openssl.client(address, GET, "-tls1_3", "-ign_eof", option, session.toString());
    assertThat(said).contains("hello");
    return said;
  }
}
