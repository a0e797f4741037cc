package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HttpProtocol;
import io.weir.core.config.ListenerConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Http2Talk;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stillness;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Uploads that their backends take nothing of, more of them than there is memory for. */
class UntakenUploadStories extends Stories {
  private static final long MEGABYTE = 1L << 20;

  /** More than the kernel holds on the way. */
  private static final int MUCH = 64 << 20;

  /** Shares of a megabyte, on one worker. */
  private static final int SHARES = 8;

  /** An upload has one for what waits for its backend, and one for what waits behind that. */
  private static final int MOST = SHARES / 2;

  private static final String POST =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + MUCH + "\r\n\r\n";
  private static final String OK =
      "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  private static final String BEGINS = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String WEBSOCKET =
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  private static final String SWITCHES =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
  private static final String DB = "db";
  private static final String ERRORS = "weir_http_errors_total";
  private static final String CUT = "weir_connections_rejected_total";
  private static final int FRAME = 16 * 1024;
  private static final int CANCEL = 8;
  private static final int CONNECT_PROTOCOL = 8;

  /** Backends that read nothing do so until the test is over. */
  private final CountDownLatch over = new CountDownLatch(1);

  /** Requests that have come to a backend of HTTP/2. */
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void letsBackendsEnd() {
    over.countDown();
  }

  private static ProxySetup scarce() {
    return proxy().workers(1).bufferMemory(MEGABYTE).bodySize(MUCH);
  }

  private ByteBackend takesNothingBut(Script beginning) {
    return keeps(ByteBackend.withSmallWindow(takesNothing(beginning)));
  }

  private Script takesNothing(Script beginning) {
    return on -> {
      beginning.play(on);
      on.waitsFor(over);
    };
  }

  /** Sends much, as far as anybody takes it, in a thread of its own. */
  private static void uploads(ByteClient client) {
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              try {
                client.sendsZeros(MUCH);
              } catch (UncheckedIOException cut) {
                // What became of it is what the story looks at.
              }
            });
  }

  /** So many whose uploads have stopped for good. */
  private List<ByteClient> stalls(WeirUnderTest weir, int count) throws Exception {
    List<ByteClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(client(weir).sends(POST));
    }
    return stall(clients);
  }

  private static List<ByteClient> stall(List<ByteClient> clients) throws Exception {
    clients.forEach(UntakenUploadStories::uploads);
    Stillness.of(() -> clients.stream().mapToLong(ByteClient::sentCount).sum());
    return clients;
  }

  private static double overloads(WeirUnderTest weir) {
    return weir.figure(ERRORS, ProxySetup.WEB, "overload");
  }

  /** How many besides the first depends on how far the others had come when it was cut. */
  private static void someoneWasCut(WeirUnderTest weir) {
    ByteBackend.waitsUntil("an overload", () -> overloads(weir) >= 1);
  }

  @Test
  void whoseUploadWasNotTakenForTheLongestMakesRoomForTheNext() throws Exception {
    WeirUnderTest weir = starts(scarce().app(takesNothingBut(on -> on.receivesHead())));
    ByteClient first = stalls(weir, 1).getFirst();
    stalls(weir, MOST - 1);
    assertThat(overloads(weir)).isZero();
    uploads(client(weir).sends(POST));
    first.receives(503);
    weir.eventually(ERRORS, 1, ProxySetup.WEB, "overload");
    assertThat(weir.log().line(0).outcome()).isEqualTo("overload");
    assertThat(weir.figure("weir_pool_failures_total", ProxySetup.APP)).isZero();
  }

  @Test
  void anAnswerThatGoesOnDoesNotKeepAnUploadThatIsNotTaken() throws Exception {
    ByteBackend backend =
        takesNothingBut(on -> {
          on.receivesHead();
          on.sends(BEGINS);
          while (!over.await(20, TimeUnit.MILLISECONDS)) {
            on.sends("1\r\nx\r\n");
          }
        });
    WeirUnderTest weir = starts(scarce().app(backend));
    ByteClient first = stalls(weir, 1).getFirst();
    for (int i = 1; i <= MOST; i++) {
      uploads(client(weir).sends(POST));
    }
    Response head = first.receivesHead();
    assertThat(first.bodyBreaksOff(head)).isTrue();
    someoneWasCut(weir);
  }

  @Test
  void anUploadThatIsTakenIsNeverInTheWay() throws Exception {
    Script takesAll =
        on -> {
          on.receivesHead();
          on.drops(MUCH).sends(OK).waitsForEnd();
        };
    Script stalls = takesNothing(on -> on.receivesHead());
    List<Script> scripts = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      scripts.add(stalls);
    }
    scripts.add(takesAll);
    ByteBackend backend = keeps(ByteBackend.withSmallWindow(scripts.toArray(Script[]::new)));
    WeirUnderTest weir = starts(scarce().app(backend));
    stalls(weir, MOST);
    for (int i = 0; i < 3; i++) {
      client(weir).sends(POST).sendsZeros(MUCH).receives(200);
    }
  }

  @Test
  void whoIsGoneCountsNoMore() throws Exception {
    WeirUnderTest weir = starts(scarce().app(takesNothingBut(on -> on.receivesHead())));
    for (int round = 0; round < 2; round++) {
      List<ByteClient> clients = stalls(weir, MOST);
      assertThat(overloads(weir)).isZero();
      clients.forEach(ByteClient::resets);
      weir.eventually("weir_connections", 0, ProxySetup.WEB);
    }
  }

  /** What is sent ahead waits as an upload does, and has no backend behind it. */
  @Test
  void muchSentBehindARequestThatIsNotAnsweredCountsOnce() throws Exception {
    WeirUnderTest weir = starts(scarce().app(takesNothingBut(on -> on.receivesHead())));
    List<ByteClient> clients = new ArrayList<>();
    for (int i = 0; i <= SHARES; i++) {
      ByteClient client = client(weir).sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      uploads(client);
      if (i == 0) {
        Stillness.of(client::sentCount);
      }
      clients.add(client);
    }
    clients.getFirst().receives(503);
    weir.eventually(ERRORS, 1, ProxySetup.WEB, "overload");
  }

  // HTTP/2.

  private Http2Backend withoutWindow() {
    return keeps(
        Http2Backend.playing(on -> {
          on.begins(Http2Talk.INITIAL_WINDOW_SIZE, 0);
          for (var next = on.next(); next.isPresent(); next = on.next()) {
            if (next.get().type() == Http2Talk.HEADERS) {
              asked.incrementAndGet();
            }
          }
        }));
  }

  private static ProxySetup toHttp2(Http2Backend backend) {
    return scarce()
        .pool(ProxySetup.APP, HttpProtocol.H2C, ProxySetup.hostPort(backend.address()))
        .route("", "", ProxySetup.APP);
  }

  /** As much as the window of a stream allows. */
  private void uploads(Http2Client client, int stream) {
    int before = asked.get();
    client.begins(stream, "POST", "/");
    ByteBackend.waitsUntil("a request at the backend", () -> asked.get() > before);
    fills(client, stream);
  }

  private static void fills(Http2Client client, int stream) {
    for (int sent = 0; sent < 128 * 1024; sent += FRAME) {
      client.sends(Http2Frame.data(stream, 0, "\0".repeat(FRAME)));
    }
    assertThat(client.isAnswered()).isTrue(); // so all of it was read
  }

  private Http2Client opens(WeirUnderTest weir) {
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    return client.receivesUntil("the window", () -> client.windowGiven(0) > 0);
  }

  @Test
  void anUploadOfOneStreamMakesRoomForThatOfAnother() {
    WeirUnderTest weir = starts(toHttp2(withoutWindow()).listensH2c(ProxySetup.WEB));
    Http2Client client = opens(weir);
    for (int i = 0; i < MOST; i++) {
      uploads(client, 1 + 2 * i);
    }
    assertThat(overloads(weir)).isZero();
    uploads(client, 1 + 2 * MOST);
    client.receives(1, 503);
    for (int i = 1; i <= MOST; i++) {
      assertThat(client.on(1 + 2 * i).reset()).as("stream %d", 1 + 2 * i).isNull();
    }
    assertThat(overloads(weir)).isEqualTo(1);
  }

  @Test
  void anUploadThatWaitsForTheWindowOfABackendCountsToo() throws Exception {
    WeirUnderTest weir = starts(toHttp2(withoutWindow()));
    ByteClient first = stalls(weir, 1).getFirst();
    for (int i = 1; i <= MOST; i++) {
      uploads(client(weir).sends(POST));
    }
    first.receives(503);
    someoneWasCut(weir);
  }

  // What is no upload.

  @Test
  void aWebSocketWhoseBackendTakesNothingMakesRoomForTheNext() throws Exception {
    ByteBackend backend =
        takesNothingBut(on -> {
          on.receivesRequest();
          on.sends(SWITCHES);
        });
    WeirUnderTest weir = starts(scarce().app(backend));
    opensOneMore(weir);
    weir.eventually("weir_http_upgraded_connections", SHARES, ProxySetup.WEB);
    assertThat(overloads(weir)).isEqualTo(1);
    assertThat(weir.log().line(0).outcome()).isEqualTo("overload");
  }

  @Test
  void aWebSocketWhoseBackendGivesNoWindowMakesRoomForTheNext() throws Exception {
    Http2Backend backend = withoutWindowForWebSockets();
    WeirUnderTest weir = starts(toHttp2(backend));
    opensOneMore(weir);
    weir.eventually("weir_http_upgraded_connections", SHARES, ProxySetup.WEB);
    assertThat(overloads(weir)).isEqualTo(1);
  }

  private Http2Backend withoutWindowForWebSockets() {
    return keeps(
        Http2Backend.playing(on -> {
          on.begins(CONNECT_PROTOCOL, 1, Http2Talk.INITIAL_WINDOW_SIZE, 0);
          for (var next = on.next(); next.isPresent(); next = on.next()) {
            if (next.get().type() == Http2Talk.HEADERS) {
              on.head(next.get().stream(), false, ":status", "200");
            }
          }
        }));
  }

  /** One more WebSocket than there are shares, each of which sends much. */
  private void opensOneMore(WeirUnderTest weir) throws Exception {
    for (int i = 0; i <= SHARES; i++) {
      ByteClient client = client(weir).sends(WEBSOCKET);
      assertThat(client.receivesHead().status()).isEqualTo(101);
      uploads(client);
      if (i == 0) {
        Stillness.of(client::sentCount);
      }
    }
  }

  @Test
  void aWebSocketOfAStreamCountsForItsWindowToo() {
    WeirUnderTest weir = starts(toHttp2(withoutWindowForWebSockets()).listensH2c(ProxySetup.WEB));
    Http2Client client = opens(weir);
    for (int i = 0; i <= MOST; i++) {
      int stream = 1 + 2 * i;
      client.sends(Http2Client.webSocket(stream, Http2Frame.END_HEADERS)).receivesOpening(stream);
      fills(client, stream);
    }
    assertThat(client.receivesReset(1)).isEqualTo(CANCEL);
    assertThat(overloads(weir)).isEqualTo(1);
  }

  @Test
  void aWebSocketWhoseClientIsGoneStillCountsForWhatItsBackendDoesNotTake() throws Exception {
    ByteBackend backend =
        takesNothingBut(on -> {
          on.receivesRequest();
          on.sends(SWITCHES);
        });
    WeirUnderTest weir = starts(scarce().app(backend));
    stallsAndLeaves(
        weir,
        ProxySetup.WEB,
        () -> {
          ByteClient client = client(weir).sends(WEBSOCKET);
          assertThat(client.receivesHead().status()).isEqualTo(101);
          return client;
        });
    weir.eventually("weir_pool_connections", SHARES, ProxySetup.APP);
  }

  private WeirUnderTest relays(ByteBackend backend) {
    return starts(
        scarce().listens(DB, new ListenerConfig.Relay(DB), null).pool(DB, backend.address()));
  }

  @Test
  void aRelayWhoseBackendTakesNothingMakesRoomForTheNext() throws Exception {
    WeirUnderTest weir = relays(takesNothingBut(on -> {}));
    List<ByteClient> clients = new ArrayList<>();
    for (int i = 0; i <= SHARES; i++) {
      ByteClient client = keeps(ByteClient.connect(weir.address(DB)));
      uploads(client);
      if (i == 0) {
        Stillness.of(client::sentCount);
      }
      clients.add(client);
    }
    clients.getFirst().receivesClose();
    weir.eventually(CUT, 1, DB, "overload");
    weir.eventually("weir_connections", SHARES, DB);
    assertThat(weir.log().connection(0).outcome()).isEqualTo("overload");
  }

  /** Until its backend has taken all, which it may never do. */
  @Test
  void aRelayWhoseClientIsGoneStillCounts() throws Exception {
    WeirUnderTest weir = relays(takesNothingBut(on -> {}));
    stallsAndLeaves(weir, DB, () -> keeps(ByteClient.connect(weir.address(DB))));
    weir.eventually(CUT, 1, DB, "overload");
  }

  /** As many as there are shares for, and once they are gone one more. */
  private static void stallsAndLeaves(
      WeirUnderTest weir, String listener, Supplier<ByteClient> connects) throws Exception {
    for (int count : List.of(SHARES, 1)) {
      List<ByteClient> clients = stall(Stream.generate(connects).limit(count).toList());
      clients.forEach(ByteClient::resets);
      weir.eventually("weir_connections", 0, listener);
    }
  }
}
