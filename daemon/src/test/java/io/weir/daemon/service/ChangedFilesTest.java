package io.weir.daemon.service;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weir.daemon.admin.ReloadResult;
import io.weir.daemon.config.ConfigSource;
import io.weir.daemon.config.Loading;
import io.weir.tls.CertificatePem;
import io.weir.tls.SelfSigned;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a running daemon was configured with change behind it. */
class ChangedFilesTest {
  private static final String TEXT =
      """
      version: 1
      listeners:
        web: { bind: "127.0.0.1:0" }
        secure: { bind: "127.0.0.1:0", tls: { certificates: a } }
      certificates:
        a: { cert_file: a.pem, key_file: a.key }
      lists:
        blocked: { file: blocked.txt }
      firewall:
        rules:
          - { name: blocked, match: { ip: { in: blocked }, path: /* }, action: { deny: 403 } }
      routes: [{ respond: { status: 200 } }]
      admin: { bind: "127.0.0.1:0" }
      """;
  private static final Pattern INVALID =
      Pattern.compile("weir_config_reloads_total\\{result=\"invalid\"} (\\d+)");
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  @BeforeEach
  void writeFiles() throws Exception {
    Files.writeString(folder.resolve("weir.yaml"), TEXT);
    Files.writeString(folder.resolve("blocked.txt"), "192.0.2.0/24\n");
    put(pair(Instant.now(), YEAR));
  }

  @Test
  void aListThatChangedIsReadAndABrokenOneLeavesTheOldActive() throws Exception {
    try (Daemon daemon = start()) {
      assertThat(status(daemon)).isEqualTo(200);
      replace("blocked.txt", "127.0.0.0/8\n");
      awaits("the new list", () -> status(daemon) == 403);
      replace("blocked.txt", "127.0.0.1\nnonsense\n");
      awaits(
          "its refusal",
          () -> metrics(daemon).contains("list_load_errors_total{list=\"blocked\"} 1"));
      assertThat(status(daemon)).isEqualTo(403);
      assertThat(daemon.operations().process().lastReload()).startsWith("not valid");
      replace("blocked.txt", "192.0.2.0/24\n");
      awaits("the whole list", () -> status(daemon) == 200);
      assertThat(daemon.operations().process().lastReload()).isEqualTo("ok");
    }
  }

  @Test
  void aCertificateThatChangedIsServedToNewConnectionsAndOpenOnesGoOn() throws Exception {
    try (Daemon daemon = start();
        SSLSocket open = handshake(daemon)) {
      X509Certificate before = certificate(open);
      put(pair(Instant.now(), YEAR));
      awaits("the new certificate", () -> !served(daemon).equals(before));
      open.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
      assertThat(new String(open.getInputStream().readNBytes(12), US_ASCII))
          .isEqualTo("HTTP/1.1 200");
    }
  }

  /** As Kubernetes renews what it mounts: one link moves, and both files are others at once. */
  @Test
  void soIsOneBehindALinkThatMoved() throws Exception {
    Files.writeString(
        folder.resolve("weir.yaml"),
        TEXT.replace("a.pem", "live/tls.crt").replace("a.key", "live/tls.key"));
    linkTo(version("v1"));
    try (Daemon daemon = start()) {
      X509Certificate before = served(daemon);
      linkTo(version("v2"));
      awaits("the new certificate", () -> !served(daemon).equals(before));
    }
  }

  private Path version(String name) throws Exception {
    CertificatePem pair = pair(Instant.now(), YEAR);
    Path version = Files.createDirectory(folder.resolve(name));
    Files.writeString(version.resolve("tls.crt"), pair.certificate());
    Files.writeString(version.resolve("tls.key"), pair.key());
    return version;
  }

  private void linkTo(Path version) throws IOException {
    Path next = Files.createSymbolicLink(folder.resolve("next"), version.getFileName());
    Files.move(next, folder.resolve("live"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void aPairThatIsExpiredOrNotYetValidOrDoesNotMatchIsRefusedAndTheOldGoesOn() throws Exception {
    try (Daemon daemon = start()) {
      X509Certificate before = served(daemon);
      put(pair(Instant.now().minus(YEAR.multipliedBy(2)), YEAR));
      awaits("its refusal", () -> refusals(daemon) == 1);
      put(pair(Instant.now().plus(YEAR), YEAR));
      awaits("the next refusal", () -> refusals(daemon) == 2);
      replace("a.pem", pair(Instant.now(), YEAR).certificate());
      awaits("the last refusal", () -> refusals(daemon) == 3);
      assertThat(served(daemon)).isEqualTo(before);
      assertThat(daemon.operations().process().lastReload()).startsWith("not valid");
      assertThat(metrics(daemon)).contains("weir_config_last_reload_successful 0");
    }
  }

  /** The old certificate beside the new key is no pair, and nobody wrote it. */
  @Test
  void aFileThatIsGoneIsToldAloneThoughTheOldOneIsKeptBesideTheNew() throws Exception {
    Files.writeString(
        folder.resolve("weir.yaml"),
        TEXT.replace("a.pem", "live/tls.crt").replace("a.key", "live/tls.key"));
    linkTo(version("v1"));
    try (Daemon daemon = start()) {
      Path next = version("v2");
      Files.delete(next.resolve("tls.crt"));
      linkTo(next);
      awaits("its refusal", () -> refusals(daemon) == 1);
      assertThat(daemon.operations().process().lastReload()).isEqualTo("not valid: 1 error");
    }
  }

  @Test
  void aCertificateThatAReloadWouldBringExpiredIsToldWhereItIsWritten() throws Exception {
    try (Daemon daemon = start()) {
      CertificatePem expired = pair(Instant.now().minus(YEAR.multipliedBy(2)), YEAR);
      replace("b.pem", expired.certificate());
      replace("b.key", expired.key());
      replace("weir.yaml", TEXT.replace("a.pem", "b.pem").replace("a.key", "b.key"));
      assertThat(daemon.operations().reload().get())
          .isInstanceOfSatisfying(
              ReloadResult.Failed.class,
              failed ->
                  assertThat(failed.reason())
                      .startsWith(
                          folder.resolve("weir.yaml")
                              + ":6:3: certificates.a: the new certificate expired at 20"));
    }
  }

  private static int refusals(Daemon daemon) throws Exception {
    Matcher count = INVALID.matcher(metrics(daemon));
    return count.find() ? Integer.parseInt(count.group(1)) : 0;
  }

  @Test
  void whatIsBeingWrittenIntoTheConfigurationWaitsForAReload() throws Exception {
    try (Daemon daemon = start()) {
      assertThat(status(daemon)).isEqualTo(200);
      replace("weir.yaml", TEXT.replace("deny: 403", "deny: 404"));
      replace("blocked.txt", "127.0.0.0/8\n");
      awaits("the new list", () -> status(daemon) == 403);
      replace("weir.yaml", TEXT.substring(0, TEXT.length() / 2));
      replace("blocked.txt", "192.0.2.0/24\n");
      awaits("the next list", () -> status(daemon) == 200);
      assertThat(daemon.operations().process().lastReload()).isEqualTo("ok");
    }
  }

  @Test
  void aBrokenListDoesNotKeepACertificateFromBeingRenewed() throws Exception {
    try (Daemon daemon = start()) {
      X509Certificate before = served(daemon);
      replace("blocked.txt", "nonsense\n");
      awaits(
          "its refusal",
          () -> metrics(daemon).contains("list_load_errors_total{list=\"blocked\"} 1"));
      put(pair(Instant.now(), YEAR));
      awaits("the new certificate", () -> !served(daemon).equals(before));
      assertThat(daemon.operations().process().lastReload()).startsWith("not valid");
      assertThat(status(daemon)).isEqualTo(200);
      replace("blocked.txt", "127.0.0.0/8\n");
      awaits("the whole list", () -> status(daemon) == 403);
      assertThat(daemon.operations().process().lastReload()).isEqualTo("ok");
    }
  }

  @Test
  void whatChangesWhileWeirStartsIsNoticed() throws Exception {
    Loading.Loaded loaded = load();
    replace("blocked.txt", "127.0.0.0/8\n"); // while what was read is compiled, say
    try (Daemon daemon = new Daemon(source(), loaded, Map.of())) {
      awaits("the new list", () -> status(daemon) == 403);
    }
  }

  @Test
  void aBrokenListIsCountedWhateverItIsCalled() throws Exception {
    Files.writeString(
        folder.resolve("weir.yaml"),
        TEXT.replace(
            "lists:\n",
            "lists:\n  block: { file: block.txt }\n  blocked.old: { file: old.txt }\n"));
    Files.writeString(folder.resolve("block.txt"), "192.0.2.0/24\n");
    Files.writeString(folder.resolve("old.txt"), "192.0.2.0/24\n");
    try (Daemon daemon = start()) {
      replace("old.txt", "nonsense\n");
      awaits(
          "its refusal",
          () -> metrics(daemon).contains("list_load_errors_total{list=\"blocked.old\"} 1"));
      assertThat(metrics(daemon))
          .contains(
              "list_load_errors_total{list=\"blocked\"} 0",
              "list_load_errors_total{list=\"block\"} 0");
    }
  }

  @Test
  void aCertificateThatExpiresWithinTwoWeeksIsWarnedOf() throws Exception {
    put(pair(Instant.now(), Duration.ofDays(13)));
    assertThat(load().warnings())
        .anySatisfy(warning -> {
          assertThat(warning.path()).isEqualTo("certificates.a");
          assertThat(warning.message()).startsWith("the certificate expires soon, at 20");
        });
    put(pair(Instant.now(), Duration.ofDays(15)));
    assertThat(load().warnings()).isEmpty();
  }

  @Test
  void soIsOneThatBackendsAreShown() throws Exception {
    Files.writeString(
        folder.resolve("weir.yaml"),
        """
        version: 1
        listeners: { web: { bind: "127.0.0.1:0" } }
        pools:
          app: { backends: ["127.0.0.1:1"], tls: { cert_file: a.pem, key_file: a.key } }
        routes: [{ pool: app }]
        """);
    put(pair(Instant.now(), Duration.ofDays(13)));
    assertThat(load().warnings())
        .anySatisfy(warning -> {
          assertThat(warning.path()).isEqualTo("pools.app.tls");
          assertThat(warning.message()).startsWith("the certificate expires soon, at 20");
        });
  }

  private Daemon start() throws CannotStart {
    return new Daemon(source(), load(), Map.of());
  }

  private Loading.Loaded load() {
    return (Loading.Loaded) source().load();
  }

  private ConfigSource source() {
    return ConfigSource.file(folder.resolve("weir.yaml"));
  }

  private static CertificatePem pair(Instant from, Duration validity) throws Exception {
    return SelfSigned.create(List.of("localhost"), validity, from, new SecureRandom());
  }

  private void put(CertificatePem pair) throws IOException {
    replace("a.key", pair.key());
    replace("a.pem", pair.certificate());
  }

  private void replace(String name, String text) throws IOException {
    Path next = Files.writeString(folder.resolve(name + ".next"), text);
    Files.move(next, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private static void awaits(String what, Callable<Boolean> condition) {
    Awaitility.await(what).atMost(PATIENCE).until(condition);
  }

  private static int status(Daemon daemon) throws Exception {
    return get("http://127.0.0.1:" + daemon.listenerAddress("web").getPort() + "/").statusCode();
  }

  private static String metrics(Daemon daemon) throws Exception {
    return get("http://127.0.0.1:" + daemon.adminAddress().getPort() + "/metrics").body();
  }

  private static HttpResponse<String> get(String uri) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
    }
  }

  private static X509Certificate served(Daemon daemon) throws Exception {
    try (SSLSocket socket = handshake(daemon)) {
      return certificate(socket);
    }
  }

  private static X509Certificate certificate(SSLSocket socket) throws IOException {
    return (X509Certificate) socket.getSession().getPeerCertificates()[0];
  }

  private static SSLSocket handshake(Daemon daemon) throws Exception {
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket)
            trusting
                .getSocketFactory()
                .createSocket("127.0.0.1", daemon.listenerAddress("secure").getPort());
    socket.startHandshake();
    return socket;
  }
}
