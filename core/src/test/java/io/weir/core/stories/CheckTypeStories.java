package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HealthConfig;
import io.weir.core.config.ListenerConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.MariaDb;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Openssl.CertificateFiles;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.tls.UpstreamTlsConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks of real servers by their own protocols, on pools that pass bytes on. */
class CheckTypeStories extends Stories {
  private static final String DB = "db";
  private static final String LINES = "location / { return 200 fine; }";

  @TempDir private Path folder;

  private CertificateFiles authority;

  @BeforeEach
  void foundsAnAuthority() {
    authority = Openssl.authority(folder, "the authority");
  }

  private static HealthConfig every(HealthConfig.Probe probe) {
    return new HealthConfig(probe, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1);
  }

  private HealthConfig tls(String name) {
    return every(
        new HealthConfig.Tls(
            new UpstreamTlsConfig(name, authority.certificatePem(), null, true, List.of())));
  }

  private WeirUnderTest relays(
      HealthConfig health, @Nullable UpstreamTlsConfig tls, InetSocketAddress backend) {
    ProxySetup setup = proxy().pool(DB, health, tls, backend);
    return starts(
        tls == null
            ? setup.listens(DB, new ListenerConfig.Relay(DB), null)
            : setup.listens(DB).route("", "", DB));
  }

  private static void finds(WeirUnderTest weir, boolean good) {
    ByteBackend.waitsUntil(
        "a check that " + (good ? "passes" : "fails"),
        () -> weir.figure("weir_pool_health_checks_total", DB, good ? "pass" : "fail") >= 1);
    assertThat(weir.figure("weir_pool_health_checks_total", DB, good ? "fail" : "pass")).isZero();
    weir.eventually("weir_backend_up", good ? 1 : 0, DB);
  }

  @Test
  void aServerWhoseCertificateIsGoodIsUpThoughThePoolItselfSpeaksNoTls() {
    CertificateFiles identity = Openssl.signed(folder, authority, "app.test");
    NginxBackend nginx = keeps(NginxBackend.tls(identity, LINES));
    finds(relays(tls("app.test"), null, nginx.address()), true);
  }

  @Test
  void aServerOfAnotherNameIsDown() {
    CertificateFiles identity = Openssl.signed(folder, authority, "app.test");
    NginxBackend nginx = keeps(NginxBackend.tls(identity, LINES));
    finds(relays(tls("other.test"), null, nginx.address()), false);
  }

  @Test
  void aServerWhoseCertificateHasExpiredIsDown() {
    CertificateFiles identity = Openssl.expired(folder, authority, "app.test");
    NginxBackend nginx = keeps(NginxBackend.tls(identity, LINES));
    finds(relays(tls("app.test"), null, nginx.address()), false);
  }

  @Test
  void aServerThatSpeaksNoTlsIsDown() {
    NginxBackend nginx = keeps(NginxBackend.plain(LINES));
    finds(relays(tls("app.test"), null, nginx.address()), false);
  }

  @Test
  void withoutWordsOfItsOwnACheckSpeaksTlsAsThePoolDoes() {
    CertificateFiles identity = Openssl.signed(folder, authority, "app.test");
    NginxBackend nginx = keeps(NginxBackend.tls(identity, LINES));
    UpstreamTlsConfig pool =
        new UpstreamTlsConfig("app.test", authority.certificatePem(), null, true, List.of());
    finds(relays(every(new HealthConfig.Tls(null)), pool, nginx.address()), true);
  }

  @Test
  void withoutWordsOfItsOwnOnAPoolWithoutTlsTheSystemsAuthoritiesDecide() {
    CertificateFiles identity = Openssl.signed(folder, authority, "127.0.0.1");
    NginxBackend nginx = keeps(NginxBackend.tls(identity, LINES));
    finds(relays(every(new HealthConfig.Tls(null)), null, nginx.address()), false);
  }

  @Test
  void aDatabaseGreets() {
    WeirUnderTest weir;
    try (MariaDb database = MariaDb.start(Openssl.signed(folder, authority, "db.test"))) {
      weir = relays(every(new HealthConfig.MySql()), null, database.address());
      finds(weir, true);
      assertThat(MariaDb.run(weir.address(DB), "select 6 * 7")).isEqualTo("42");
    }
    weir.eventually("weir_backend_up", 0, DB);
  }

  @Test
  void whatIsNoDatabaseIsDown() {
    ByteBackend backend = backend(on -> on.sends("220 mail.foobar.com ready\r\n").waitsForEnd());
    finds(relays(every(new HealthConfig.MySql()), null, backend.address()), false);
  }
}
