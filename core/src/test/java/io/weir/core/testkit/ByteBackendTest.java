package io.weir.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteBackendTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  @Test
  void answersManyRequestsOfOneConnectionAndKeepsThem() {
    try (ByteBackend backend = ByteBackend.playing(Script.answers(OK));
        ByteClient client = ByteClient.connect(backend.address())) {
      client.sends(GET + GET).receives(200);
      assertThat(client.receives(200).bodyText()).isEqualTo("hi");
      assertThat(backend.receivesRequests(2)).allMatch(r -> r.target().equals("/"));
      assertThat(backend.acceptedConnections()).isEqualTo(1);
      assertThat(Wire.text(backend.connection(0).received())).isEqualTo(GET + GET);
    }
  }

  @Test
  void playsOneScriptAfterTheOther() {
    try (ByteBackend backend =
        ByteBackend.playing(Script.resets(), Script.closesWithoutAnswer(), Script.answers(OK))) {
      try (ByteClient client = ByteClient.connect(backend.address())) {
        client.sends(GET).receivesReset();
      }
      try (ByteClient client = ByteClient.connect(backend.address())) {
        client.sends(GET).receivesEof();
      }
      for (int i = 0; i < 2; i++) {
        try (ByteClient client = ByteClient.connect(backend.address())) {
          client.sends(GET).receives(200);
        }
      }
    }
  }

  @Test
  void stallsUntilTheClientGivesUp() {
    try (ByteBackend backend = ByteBackend.playing(Script.stalls())) {
      try (ByteClient client = ByteClient.connect(backend.address())) {
        client.sends(GET).receivesNothingFor(Duration.ofMillis(50));
      }
      backend.seesEndOf(0);
    }
  }

  @Test
  void waitsForAGateBetweenHeadAndBody() {
    CountDownLatch gate = new CountDownLatch(1);
    Script script =
        on -> {
          Request head = on.receivesHead();
          on.sends("HTTP/1.1 100 Continue\r\n\r\n").waitsFor(gate);
          on.receivesBody(head);
          on.sends(OK);
        };
    try (ByteBackend backend = ByteBackend.playing(script);
        ByteClient client = ByteClient.connect(backend.address())) {
      client.sends("POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
      client.receives(100);
      client.receivesNothingFor(Duration.ofMillis(20)).sends("abc");
      gate.countDown();
      client.receives(200);
      assertThat(backend.receivesOneRequest().bodyText()).isEqualTo("abc");
    }
  }

  @Test
  void movesMegabytesAndCountsThem() {
    long count = 32L << 20;
    Script script =
        on -> {
          on.receivesHead();
          on.drops(count);
          on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + count + "\r\n\r\n").sendsZeros(count);
        };
    try (ByteBackend backend = ByteBackend.withSmallWindow(script);
        ByteClient client = ByteClient.connectWithSmallWindow(backend.address())) {
      client.sends("PUT / HTTP/1.1\r\nContent-Length: " + count + "\r\n\r\n").sendsZeros(count);
      client.receivesHead();
      client.receivesAndDrops(count).receivesEof();
      assertThat(backend.connection(0).receivedCount()).isGreaterThan(count);
      assertThat(backend.connection(0).sentCount()).isGreaterThan(count);
    }
  }

  @Test
  void aMalformedRequestFailsTheTest() {
    ByteBackend backend = ByteBackend.playing(Script.answers(OK));
    try (ByteClient client = ByteClient.connect(backend.address())) {
      client.sends("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab");
      client.receivesClose();
    }
    assertThatThrownBy(backend::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("malformed");
  }

  @Test
  void aMalformedResponseFailsTheTest() {
    try (ByteBackend backend =
            ByteBackend.playing(Script.answersOnce("HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n"));
        ByteClient client = ByteClient.connect(backend.address())) {
      client.sends(GET);
      assertThatThrownBy(client::receivesResponse)
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("bare LF");
    }
  }

  @Test
  void aResetReachesTheBackend() {
    try (ByteBackend backend = ByteBackend.playing(Script.stalls())) {
      ByteClient client = ByteClient.connect(backend.address());
      client.sends(GET);
      backend.receivesOneRequest();
      client.resets();
      backend.seesEndOf(0);
    }
  }

  @Test
  void aClosedBackendRefuses() {
    ByteBackend backend = ByteBackend.playing(Script.answers(OK));
    backend.close();
    assertThatThrownBy(() -> ByteClient.connect(backend.address()))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void deadEndsRefuseOrStaySilent() throws Exception {
    try (DeadEnd refusing = DeadEnd.refusing();
        DeadEnd silent = DeadEnd.silent();
        Socket socket = new Socket()) {
      assertThatThrownBy(() -> ByteClient.connect(refusing.address()))
          .isInstanceOf(UncheckedIOException.class);
      assertThatThrownBy(() -> socket.connect(silent.address(), 200))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void nginxIsSpokenToInPlainTextAndTls(@TempDir Path folder) {
    Openssl.CertificateFiles authority = Openssl.authority(folder, "Test CA");
    Openssl.CertificateFiles identity = Openssl.signed(folder, authority, "a.test", "127.0.0.1");
    String server = "location = /hello { return 200 hello; }";
    try (NginxBackend plain = NginxBackend.plain(server).serves("file", new byte[100_000]);
        NginxBackend tls = NginxBackend.tls(identity, server);
        ByteClient client =
            ByteClient.connectTls(tls.address(), TlsOffer.named("a.test").protocols("http/1.1"))) {
      client.sends("GET /hello HTTP/1.1\r\nHost: a.test\r\n\r\n");
      assertThat(client.receives(200).bodyText()).isEqualTo("hello");
      assertThat(client.tls().orElseThrow().getApplicationProtocol()).isEqualTo("http/1.1");

      Curl.Result file = Curl.run("http://127.0.0.1:" + plain.address().getPort() + "/file");
      assertThat(file.status()).isEqualTo(200);
      assertThat(file.body()).hasSize(100_000);
      assertThat(plain.accessLog()).hasSize(1);
      assertThat(
              Openssl.client(
                  tls.address(),
                  "",
                  "-CAfile",
                  authority.certificate().toString(),
                  "-verify_return_error",
                  "-servername",
                  "a.test"))
          .contains("Verify return code: 0 (ok)");
    }
  }
}
