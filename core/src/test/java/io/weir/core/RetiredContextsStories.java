package io.weir.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.weir.core.config.ProxyConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Openssl.CertificateFiles;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stories;
import io.weir.core.worker.Clock;
import io.weir.firewall.FirewallState;
import io.weir.metrics.Metrics;
import io.weir.tls.UpstreamTlsConfig;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS contexts of earlier configurations, while somebody may need them and afterwards. */
class RetiredContextsStories extends Stories {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  /** What was freed is found sooner or later: by a collector and a thread of low priority. */
  private static final Duration LONG = Duration.ofSeconds(60);

  private static final String ANSWERS_ONCE =
      "keepalive_timeout 0; location / { return 200 hello; }";

  @TempDir private Path folder;

  private static ProxySetup to(NginxBackend backend, UpstreamTlsConfig tls) {
    return proxy()
        .listens(ProxySetup.WEB)
        .pool(ProxySetup.APP, null, tls, backend.address())
        .route("", "", ProxySetup.APP);
  }

  private static UpstreamTlsConfig verifiedBy(CertificateFiles authority, boolean verify) {
    return new UpstreamTlsConfig(
        "app.example", authority.certificatePem(), null, verify, List.of("http/1.1"));
  }

  private Proxy starts(ProxyConfig config) throws StartException {
    return keeps(
        Proxy.start(
            config,
            new Metrics(1),
            Proxy.Logs.NONE,
            FirewallState.empty(new SecureRandom()),
            new Proxy.Time(
                Clock.SYSTEM, Duration.ZERO, Duration.ofMinutes(1), Duration.ofSeconds(1))));
  }

  /** What a loop remembers of its last task is of this one. */
  private static void passes(EventLoop loop) {
    loop.submit(() -> {}).syncUninterruptibly();
  }

  @Test
  void aConnectionWhoseListenerIsGoneReachesBackendsOfTlsForAsLongAsItIsOpen() throws Exception {
    CertificateFiles identity = Openssl.selfSigned(folder, "app.example");
    NginxBackend nginx = keeps(NginxBackend.tls(identity, ANSWERS_ONCE));
    Proxy proxy = starts(to(nginx, verifiedBy(identity, true)).listens("other").config());
    ByteClient client = keeps(ByteClient.connect(proxy.address("other")));
    client.sends(GET).receives(200);
    ProxyConfig next = to(nginx, verifiedBy(identity, false)).config();
    assertThat(proxy.apply(next)).isInstanceOf(Proxy.ApplyResult.Applied.class);
    for (int i = 0; i < 5; i++) {
      System.gc();
      passes(proxy.controlLoop()); // behind the timer of no time
    }
    assertThat(proxy.retiredContexts()).isEqualTo(1);
    assertThat(client.sends(GET).receives(200).saysClose()).isTrue();
    client.receivesEof();
    client.close();
    ByteClient web = keeps(ByteClient.connect(proxy.address(ProxySetup.WEB)));
    ByteBackend.waitsUntil(
        "the end of its contexts",
        LONG,
        () -> {
          web.sends(GET).receives(200); // what a worker remembers of the last connection is of this
          passes(proxy.controlLoop());
          System.gc();
          return proxy.retiredContexts() == 0;
        });
    web.sends(GET).receives(200);
  }
}
