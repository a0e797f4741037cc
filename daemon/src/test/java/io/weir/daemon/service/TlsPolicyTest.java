package io.weir.daemon.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weir.tls.CertificatePem;
import io.weir.tls.SelfSigned;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which versions of TLS a listener speaks, as clients find it. */
class TlsPolicyTest {
  private static final String TEXT =
      """
      version: 1
      listeners:
        usual: { bind: "127.0.0.1:0", tls: { certificates: a } }
        modern: { bind: "127.0.0.1:0", tls: { certificates: a, policy: modern } }
        intermediate: { bind: "127.0.0.1:0", tls: { certificates: a, policy: intermediate } }
        newer: { bind: "127.0.0.1:0", tls: { certificates: a, policy: intermediate, min_version: 1.3 } }
      certificates:
        a: { cert_file: a.pem, key_file: a.key }
      routes: [{ respond: { status: 200 } }]
      admin: { bind: "127.0.0.1:0" }
      """;
  private static final int PATIENCE = 10_000;

  @TempDir private Path folder;

  @Test
  void aModernListenerRefusesWhatIsOlderThanTls13() throws Exception {
    CertificatePem pair =
        SelfSigned.create(
            List.of("localhost"), Duration.ofDays(365), Instant.now(), new SecureRandom());
    Files.writeString(folder.resolve("a.pem"), pair.certificate());
    Files.writeString(folder.resolve("a.key"), pair.key());
    try (DaemonUnderTest weir = DaemonUnderTest.start(folder, TEXT)) {
      for (String listener : List.of("usual", "modern", "intermediate", "newer")) {
        assertThat(agreed(weir, listener, "TLSv1.3")).as(listener).isEqualTo("TLSv1.3");
      }
      for (String listener : List.of("usual", "intermediate")) {
        assertThat(agreed(weir, listener, "TLSv1.2")).as(listener).isEqualTo("TLSv1.2");
      }
      for (String listener : List.of("modern", "newer")) {
        assertThatThrownBy(() -> agreed(weir, listener, "TLSv1.2"))
            .as(listener)
            .isInstanceOf(SSLException.class)
            .hasMessageContaining("protocol_version");
      }
    }
  }

  private static String agreed(DaemonUnderTest weir, String listener, String version)
      throws Exception {
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    int port = weir.daemon().listenerAddress(listener).getPort();
    try (SSLSocket socket =
        (SSLSocket) trusting.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(PATIENCE);
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }
}
