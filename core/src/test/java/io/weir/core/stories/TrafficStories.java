package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import org.junit.jupiter.api.Test;

/** What is counted of the connections of clients that speak HTTP: bytes, and requests. */
class TrafficStories extends Stories {
  private static final String BYTES = "weir_connection_bytes_total";
  private static final String REQUESTS = "weir_http_requests_by_protocol_total";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String UPLOAD = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
  private static final String UPGRADE =
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
  private static final String SWITCHES =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

  private static final int UP = 16_000;
  private static final int DOWN = 50_000;

  /** What frames and heads take beside bodies. */
  private static final int MOST_FRAMING = 2_000;

  private static void reaches(WeirUnderTest weir, String direction, long least) {
    ByteBackend.waitsUntil(
        least + " bytes " + direction,
        () -> weir.figure(BYTES, ProxySetup.WEB, direction) >= least);
    assertThat(weir.figure(BYTES, ProxySetup.WEB, direction)).isLessThan(least + MOST_FRAMING);
  }

  @Test
  void eachByteOfHttp1IsCountedOnceItsExchangeHasEnded() {
    WeirUnderTest weir = starts(proxy().app(backend(Script.answers(OK))));
    ByteClient client = client(weir);
    int out = client.sends(UPLOAD).receives(200).raw().length;
    weir.eventually(BYTES, UPLOAD.length(), ProxySetup.WEB, "in");
    weir.eventually(BYTES, out, ProxySetup.WEB, "out");
    out += client.sends(UPLOAD).receives(200).raw().length;
    weir.eventually(BYTES, 2 * UPLOAD.length(), ProxySetup.WEB, "in");
    weir.eventually(BYTES, out, ProxySetup.WEB, "out");
  }

  @Test
  void whatWasNoRequestYetIsCountedAtTheEnd() {
    WeirUnderTest weir = starts(proxy().app(backend(Script.answers(OK))));
    ByteClient client = client(weir);
    int out = client.sends(UPLOAD).receives(200).raw().length;
    String begun = "GET / HT";
    client.sends(begun).close();
    weir.eventually(BYTES, UPLOAD.length() + begun.length(), ProxySetup.WEB, "in");
    weir.eventually(BYTES, out, ProxySetup.WEB, "out");
  }

  @Test
  void whatAConnectionCarriesThatLeftHttpIsCountedOnce() {
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends(SWITCHES);
          assertThat(on.receivesBytes(10)).asString().isEqualTo("earlylater");
          on.sends("goodbye");
        });
    WeirUnderTest weir = starts(proxy().app(backend));
    ByteClient client = client(weir);
    int head = client.sends(UPGRADE + "early").receivesHead().raw().length;
    assertThat(client.sends("later").receivesUntilEof()).isEqualTo("goodbye");
    client.close();
    weir.eventually(BYTES, UPGRADE.length() + 10, ProxySetup.WEB, "in");
    weir.eventually(BYTES, head + 7, ProxySetup.WEB, "out");
  }

  @Test
  void theBodiesOfHttp2AreCounted() {
    ByteBackend backend =
        backend(
            Script.answers(
                "HTTP/1.1 200 OK\r\nContent-Length: " + DOWN + "\r\n\r\n" + "x".repeat(DOWN)));
    WeirUnderTest weir = starts(proxy().listensH2c(ProxySetup.WEB).app(backend));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.sends(Http2Frame.windowUpdate(0, 2 * DOWN));
    uploads(client, 1);
    reaches(weir, "in", UP);
    uploads(client, 3);
    reaches(weir, "in", 2 * UP);
    reaches(weir, "out", DOWN); // what was sent of the second waits for the next time
    client.sends(Http2Frame.of(0x20, 0, 0, new byte[UP])); // of a type that nobody knows
    client.close();
    reaches(weir, "out", 2 * DOWN);
    reaches(weir, "in", 3 * UP);
  }

  private static void uploads(Http2Client client, int stream) {
    client.begins(stream, "POST", "/");
    client.sends(Http2Frame.data(stream, Http2Frame.END_STREAM, "y".repeat(UP)));
    assertThat(client.receives(stream, 200).length()).isEqualTo(DOWN);
  }

  @Test
  void aConnectionOfHttp2IsCountedToItsEndWhoeverEndsIt() {
    String large = "HTTP/1.1 200 OK\r\nContent-Length: " + DOWN + "\r\n\r\n" + "x".repeat(DOWN);
    WeirUnderTest weir =
        starts(
            proxy()
                .requestsPerConnection(1)
                .listensH2c(ProxySetup.WEB)
                .app(backend(Script.answers(large))));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.asks(1).receives(1, 200);
    client.receivesEnd();
    client.close();
    reaches(weir, "out", DOWN);
  }

  @Test
  void requestsAreCountedByTheirProtocol() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().listensH2c(ProxySetup.WEB).app(backend));
    ByteClient one = client(weir);
    one.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receives(200);
    one.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receives(200);
    client(weir).sends("GET / HTTP/1.0\r\nHost: a\r\n\r\n").receives(200);
    Http2Client two = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    for (int stream = 1; stream < 10; stream += 2) {
      two.asks(stream).receives(stream, 200);
    }
    weir.eventually(REQUESTS, 1, ProxySetup.WEB, "http/1.0");
    weir.eventually(REQUESTS, 2, ProxySetup.WEB, "http/1.1");
    weir.eventually(REQUESTS, 5, ProxySetup.WEB, "http/2");
  }
}
