package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.Proxy;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.config.Loading;
import io.weir.daemon.fetch.ListFetcher;
import io.weir.metrics.Metrics;
import io.weir.tls.CertificatePem;
import io.weir.tls.SelfSigned;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log says each day of the certificates that serve. */
class ExpiryWarningTest {
  private static final String TEXT =
      """
      version: 1
      listeners: { secure: { bind: "127.0.0.1:0", tls: { certificates: [soon, late] } } }
      certificates:
        soon: { cert_file: soon.pem, key_file: soon.key }
        late: { cert_file: late.pem, key_file: late.key }
      """;

  @TempDir private Path folder;

  @Test
  void namesThoseThatExpireSoonAndNoOthers() throws Exception {
    write("soon", Duration.ofDays(13));
    write("late", Duration.ofDays(90));
    Path file = Files.writeString(folder.resolve("weir.yaml"), TEXT);
    ConfigSource source = ConfigSource.file(file);
    Loading.Loaded loaded = (Loading.Loaded) source.load();
    Metrics metrics = new Metrics(1);
    try (ReloaderLines log = new ReloaderLines();
        Proxy proxy = Proxy.start(loaded.config().proxy(), metrics, Proxy.Logs.NONE);
        ListFetcher fetcher = fetcher(metrics, proxy)) {
      new Reloader(source, proxy, loaded, fetcher, list -> {}).warnOfExpiry();
      assertThat(log.all())
          .singleElement()
          .asString()
          .startsWith("WARN certificates.soon: the certificate expires soon, at ");
    }
  }

  private static ListFetcher fetcher(Metrics metrics, Proxy proxy) {
    InstantSource clock = InstantSource.system();
    DaemonMetrics counts = new DaemonMetrics(metrics, proxy.controlLoop(), clock, clock.instant());
    return new ListFetcher(counts, null, new SecureRandom());
  }

  private void write(String name, Duration validity) throws Exception {
    CertificatePem pair =
        SelfSigned.create(List.of(name + ".test"), validity, Instant.now(), new SecureRandom());
    Files.writeString(folder.resolve(name + ".pem"), pair.certificate());
    Files.writeString(folder.resolve(name + ".key"), pair.key());
  }
}
