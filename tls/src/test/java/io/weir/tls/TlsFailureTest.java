package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

/** What no handshake of the other tests can bring about at will. */
class TlsFailureTest {

  @Test
  void labelsAreTheWordsOfTheMetric() {
    assertThat(TlsFailure.values())
        .extracting(TlsFailure::label)
        .containsExactly(
            "no_shared_cipher",
            "protocol",
            "alpn",
            "unknown_sni",
            "client_cert",
            "timeout",
            "closed",
            "other");
  }

  @Test
  void looksThroughCausesToTheOneThatTells() {
    SSLException wrapped =
        new SSLException("General OpenSslEngine problem", new ClosedChannelException());
    assertThat(TlsFailure.of(wrapped)).isEqualTo(TlsFailure.CLOSED);
    assertThat(TlsFailure.of(new SSLHandshakeException("something new")))
        .isEqualTo(TlsFailure.OTHER);
  }

  @Test
  void survivesACircleOfCausesAndNoMessage() {
    SSLException one = new SSLException((String) null);
    one.initCause(new SSLException("two", one));
    assertThat(TlsFailure.of(one)).isEqualTo(TlsFailure.OTHER);
  }

  @Test
  void knowsTimeoutsAndResets() {
    assertThat(TlsFailure.of(new SslHandshakeTimeoutException("handshake timed out")))
        .isEqualTo(TlsFailure.TIMEOUT);
    assertThat(TlsFailure.of(new IOException("Connection reset by peer")))
        .isEqualTo(TlsFailure.CLOSED);
  }
}
