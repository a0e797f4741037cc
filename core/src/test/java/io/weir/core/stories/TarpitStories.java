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
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is held in the tarpit costs a place, and little else. */
@Timeout(120)
class TarpitStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  /**
   * What all that is held may take, with the chunks that the loops of other tests leave or take:
   * all that is sent would be more than 50 MB.
   */
  private static final long LITTLE = 32L << 20;

  private static final int CANCEL = 8;
  private static final int MOST = 2000; // requests that a worker holds
  private static final int STREAMS = 80; // of them on a connection

  private WeirUnderTest holding(ProxySetup setup) {
    return holding(setup, Duration.ofMinutes(5));
  }

  private WeirUnderTest holding(ProxySetup setup, Duration time) {
    MatchConfig path = new MatchConfig.Path(List.of(StringPattern.ofPath("/x")));
    ActionConfig tarpit = new ActionConfig.Tarpit(time);
    ByteBackend backend = backend(Script.answers(OK));
    return starts(setup.app(backend).rules(new RuleConfig("slow", path, tarpit)));
  }

  @Test
  void whatTheySendBehindTheHeadIsNotKept() throws Exception {
    WeirUnderTest weir = holding(proxy());
    int clients = 400;
    byte[] much = new byte[128 * 1024];
    try (Memory memory = Memory.watch()) {
      for (int i = 0; i < clients; i++) {
        client(weir)
            .sends("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n")
            .sends(much);
      }
      weir.eventually("weir_firewall_requests_total", clients, "tarpit");
      client(weir).sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receives(200);
      assertThat(memory.mostDirectGrowth()).isLessThan(LITTLE);
    }
    weir.eventually("weir_http_requests_in_flight", clients);
  }

  @Test
  void whatTheySendOnStreamsIsNotKept() throws Exception {
    WeirUnderTest weir = holding(proxy().listensH2c(ProxySetup.WEB));
    int clients = 50;
    int streams = 8;
    byte[] piece = new byte[16 * 1024];
    try (Memory memory = Memory.watch()) {
      for (int i = 0; i < clients; i++) {
        Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
        assertThat(client.isAnswered()).isTrue();
        for (int stream = 1; stream <= 2 * streams; stream += 2) {
          client.begins(stream, "POST", "/x");
          for (int n = 0; n < 7; n++) {
            client.sends(Http2Frame.of(Http2Frame.DATA, 0, stream, piece));
          }
        }
        assertThat(client.isAnswered()).isTrue();
      }
      weir.eventually("weir_firewall_requests_total", clients * streams, "tarpit");
      assertThat(memory.mostDirectGrowth()).isLessThan(LITTLE);
    }
  }

  @Test
  void beyondSoManyTheNextOnesAreClosedAtOnceAndWhoIsNotMeantIsServed() {
    WeirUnderTest weir = holding(proxy().listensH2c(ProxySetup.WEB));
    List<Http2Client> clients = new ArrayList<>();
    for (int i = 0; i < MOST / STREAMS; i++) {
      Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
      for (int n = 0; n < STREAMS; n++) {
        client.asksFor(2 * n + 1, "/x");
      }
      clients.add(client);
    }
    weir.eventually("weir_http_requests_in_flight", MOST);
    for (int i = 0; i < 3; i++) {
      client(weir).sends("GET /x HTTP/1.1\r\nHost: a\r\n\r\n").receivesClose();
    }
    weir.eventually("weir_http_requests_in_flight", MOST);
    client(weir).sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receives(200);

    clients.getFirst().close();
    weir.eventually("weir_http_requests_in_flight", MOST - STREAMS);
    client(weir).sends("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    weir.eventually("weir_http_requests_in_flight", MOST - STREAMS + 1);
  }

  @Test
  void theirBodiesDoNotStopOthersOnTheConnectionOfATrustedProxy() {
    WeirUnderTest weir = holding(proxy().listensH2c(ProxySetup.WEB).trusts("127.0.0.0/8"));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    assertThat(client.isAnswered()).isTrue();
    byte[] piece = new byte[16 * 1024];
    for (int stream = 1; stream <= 19; stream += 2) { // more than the connection's window together
      client.begins(stream, "POST", stream < 17 ? "/x" : "/");
      for (int n = 0; n < 7; n++) {
        int end = stream >= 17 && n == 6 ? Http2Frame.END_STREAM : 0;
        client.sends(Http2Frame.of(Http2Frame.DATA, end, stream, piece));
      }
      assertThat(client.isAnswered()).isTrue();
    }
    client.receives(17, 200);
    client.receives(19, 200);
  }

  @Test
  void whoLeavesWhileSendingIsLetGo() {
    WeirUnderTest weir = holding(proxy());
    ByteClient client = client(weir);
    client.sends("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\nhello");
    weir.eventually("weir_firewall_requests_total", 1, "tarpit");
    client.close();
    weir.eventually("weir_connections", 0);
    weir.eventually("weir_http_requests_in_flight", 0);
    assertThat(weir.log().line(0).outcome()).isEqualTo("tarpitted");
  }

  @Test
  void whoIsHeldHoldsUpNoStop() {
    WeirUnderTest weir = holding(proxy().listensH2c(ProxySetup.WEB));
    ByteClient client = client(weir);
    client.sends("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
    Http2Client streams = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    streams.asksFor(1, "/x");
    streams.asksFor(3, "/x");
    weir.eventually("weir_firewall_requests_total", 3, "tarpit");
    assertThat(weir.drain(Duration.ofSeconds(50))).isTrue();
    client.receivesClose();
    assertThat(streams.receivesReset(1)).isEqualTo(CANCEL);
  }

  @Test
  void whenTheTimeIsOverTheConnectionIsClosedAsByADrop() {
    WeirUnderTest weir = holding(proxy().listensH2c(ProxySetup.WEB), Duration.ofMillis(100));
    client(weir).sends("GET /x HTTP/1.1\r\nHost: a\r\n\r\n").receivesClose();
    Http2Client streams = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    streams.asksFor(1, "/").receives(1, 200);
    streams.asksFor(3, "/x").receivesEnd();
    assertThat(streams.on(3).status()).isZero();
    assertThat(weir.log().line(2).outcome()).isEqualTo("tarpitted");
  }

  @Test
  void whoComesWhileItStopsIsNotHeldAnyMore() {
    WeirUnderTest weir = holding(proxy());
    ByteClient late = client(weir);
    late.sends("GET /x HTTP/1.1\r\nHost: a\r\n"); // the head goes on
    var address = weir.address(ProxySetup.WEB);
    Future<Boolean> drained =
        CompletableFuture.supplyAsync(() -> weir.drain(Duration.ofSeconds(50)));
    ByteBackend.waitsUntil("refused connections", () -> ByteClient.isSentAwayFrom(address));
    late.sends("\r\n").receivesClose();
    assertThat(drained).succeedsWithin(Duration.ofSeconds(50)).isEqualTo(true);
  }

  @Test
  void aStreamThatComesWhileItStopsEndsAndTheOthersOfItsConnectionGoOn() {
    WeirUnderTest weir = holding(proxy().listensH2c(ProxySetup.WEB));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.begins(1, "POST", "/");
    assertThat(client.isAnswered()).isTrue();
    Future<Boolean> drained =
        CompletableFuture.supplyAsync(() -> weir.drain(Duration.ofSeconds(50)));
    client.receivesGoAway();
    client.asksFor(3, "/x").receivesReset(3);
    assertThat(weir.log().line(0).outcome()).isEqualTo("tarpitted");
    client.sends(Http2Frame.data(1, Http2Frame.END_STREAM, "x")).receives(1, 200);
    assertThat(drained).succeedsWithin(Duration.ofSeconds(50)).isEqualTo(true);
  }
}
