package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Backend.answers;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HealthConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Talk;
import io.weir.core.testkit.NginxBackend;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.StatusRange;
import io.weir.tls.UpstreamTlsConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a backend speaks HTTP/2 at all, and how it is agreed on. */
class UpstreamAgreementStories extends Http2BackendStories {
  @Test
  void aReloadKeepsTheConnectionAndAnotherProtocolTakesAnother() {
    Http2Backend backend = http2(saysHello());
    ByteBackend old = backend(Script.answers("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold"));
    WeirUnderTest weir = starts(to(backend));
    ByteClient client = client(weir);
    client.sends(GET).receives(200);
    assertThat(weir.apply(to(backend).config())).isEmpty();
    client(weir).sends(GET).receives(200);
    assertThat(backend.connections()).isEqualTo(1);
    assertThat(weir.apply(proxy().app(old).config())).isEmpty();
    assertThat(client(weir).sends(GET).receives(200).bodyText()).isEqualTo("old");
    weir.eventually("weir_pool_connections", 1, ProxySetup.APP);
  }

  @Test
  void nginxOverTls(@TempDir Path folder) throws Exception {
    Openssl.CertificateFiles authority = Openssl.authority(folder, "Test CA");
    Openssl.CertificateFiles identity = Openssl.signed(folder, authority, "inside.test");
    UpstreamTlsConfig tls =
        new UpstreamTlsConfig(
            "inside.test",
            authority.certificatePem(),
            null,
            true,
            UpstreamTlsConfig.DEFAULT.alpn());
    byte[] file = new byte[3_000_000];
    new SplittableRandom(7).nextBytes(file);
    NginxBackend nginx = keeps(NginxBackend.http2OverTls(identity, "").serves("file", file));
    WeirUnderTest weir =
        starts(
            proxy()
                .pool(ProxySetup.APP, Http2Pools.h2(null, tls, nginx.address()))
                .route("", "", ProxySetup.APP));
    everyClient(
        20,
        i -> {
          ByteClient client = client(weir);
          client.sends("GET /file HTTP/1.1\r\nHost: a\r\n\r\n");
          assertThat(client.receives(200).body()).isEqualTo(file);
          client.sends("GET /none HTTP/1.1\r\nHost: a\r\n\r\n").receives(404);
        });
    assertThat(nginx.accessLog()).allMatch(line -> line.contains("HTTP/2.0"));
    weir.eventually("weir_pool_connections_opened_total", 1, ProxySetup.APP);
  }

  @Test
  void aBackendThatDoesNotAgreeOnHttp2GetsNoRequest(@TempDir Path folder) {
    Openssl.CertificateFiles authority = Openssl.authority(folder, "Test CA");
    Openssl.CertificateFiles identity = Openssl.signed(folder, authority, "inside.test");
    UpstreamTlsConfig tls =
        new UpstreamTlsConfig(
            "inside.test",
            authority.certificatePem(),
            null,
            true,
            UpstreamTlsConfig.DEFAULT.alpn());
    ByteBackend knowsNoAlpn = keeps(ByteBackend.playing(on -> on.receivesWithinTls(identity)));
    NginxBackend refuses = keeps(NginxBackend.tls(identity, ""));
    WeirUnderTest weir =
        starts(
            proxy()
                .pool("one", Http2Pools.h2(null, tls, knowsNoAlpn.address()))
                .pool("two", Http2Pools.h2(null, tls, refuses.address()))
                .route("", "/one", "one")
                .route("", "/two", "two"));
    client(weir).sends("GET /one HTTP/1.1\r\nHost: a\r\n\r\n").receives(502);
    weir.eventually("weir_http_errors_total", 1, "not_http2");
    client(weir).sends("GET /two HTTP/1.1\r\nHost: a\r\n\r\n").receives(502);
    weir.eventually("weir_http_errors_total", 2, "not_http2"); // refused while shaking hands
    assertThat(refuses.accessLog()).isEmpty();
  }

  @Test
  void aBackendThatSpeaksHttp1IsRefusedBeforeItGetsARequest() {
    ByteBackend old = backend(on -> on.sends("HTTP/1.1 400 Bad Request\r\n\r\n"));
    WeirUnderTest weir =
        starts(proxy().pool(ProxySetup.APP, pool(old.address())).route("", "", ProxySetup.APP));
    client(weir).sends(GET).receives(502);
    weir.eventually("weir_pool_failures_total", 1, ProxySetup.APP, "protocol");
    weir.eventually("weir_http_errors_total", 1, "not_http2");
  }

  @Test
  void aBackendThatSaysNothingIsPassedOverForTheNext() {
    Http2Backend silent = http2(Http2Talk::waitsForEnd);
    Http2Backend good = http2(saysHello());
    WeirUnderTest weir =
        starts(to(silent, good).backendTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(60)));
    for (int i = 0; i < 4; i++) {
      client(weir)
          .sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")
          .receives(200);
    }
  }

  @Test
  void checksSpeakHttp2Too() {
    AtomicInteger status = new AtomicInteger(503);
    Http2Backend backend =
        http2(
            answers((on, request) ->
                on.answers(
                    request.stream(),
                    request.path().equals("/healthz") ? status.get() : 200,
                    "x")));
    HealthConfig health =
        new HealthConfig(
            new HealthConfig.Http("/healthz", "check.me", List.of(new StatusRange(200, 299))),
            Duration.ofMillis(500),
            Duration.ofMillis(500),
            1,
            1);
    WeirUnderTest weir =
        starts(
            proxy()
                .pool(ProxySetup.APP, Http2Pools.h2c(health, backend.address()))
                .route("", "", ProxySetup.APP));
    ByteBackend.waitsUntil("a check", () -> !backend.requests().isEmpty());
    weir.eventually("weir_backend_up", 0, ProxySetup.APP);
    assertThat(backend.requests().getFirst().all(":authority")).containsExactly("check.me");
    status.set(200);
    weir.eventually("weir_backend_up", 1, ProxySetup.APP);
  }
}
