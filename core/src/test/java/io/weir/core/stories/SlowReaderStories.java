package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ErrorPagesConfig;
import io.weir.core.config.HttpProtocol;
import io.weir.core.config.ListenerConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Http2Talk;
import io.weir.core.testkit.LogWatch;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stillness;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.TlsOffer;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask for much and take nothing, more of them than there is memory for. */
class SlowReaderStories extends Stories {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final long MEGABYTE = 1L << 20;
  private static final int SIZE = 64 << 20;

  /** Who may hold a full share of a megabyte, on one worker. */
  private static final int MOST = 8;

  private static final int ENHANCE_YOUR_CALM = 11;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int WIDE = 1 << 30;
  private static final int PIECE = 16 * 1024;

  /** What a backend may send before anybody has taken it. */
  private static final int WINDOW = 256 * 1024;

  /** SETTINGS_ENABLE_CONNECT_PROTOCOL. */
  private static final int CONNECT_PROTOCOL = 8;

  private static final String MUCH = "/much";
  private static final String DB = "db";
  private static final String CUT = "weir_connections_rejected_total";
  private static final String ERRORS = "weir_http_errors_total";

  /** More than the kernel holds on the way. */
  private static final int LARGE_PAGE = 8 << 20;

  private static Script sendsMuch() {
    return on -> {
      on.receivesRequest();
      on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n").sendsZeros(SIZE);
    };
  }

  private static ProxySetup scarce() {
    return proxy().workers(1).bufferMemory(MEGABYTE);
  }

  @Test
  void whoHasReadNothingForTheLongestMakesRoomForTheNext() throws Exception {
    ByteBackend backend = backend(sendsMuch());
    WeirUnderTest weir = starts(scarce().app(backend));
    List<ByteClient> readers = new ArrayList<>();
    for (int i = 0; i <= MOST; i++) {
      ByteClient reader = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
      reader.sends(GET).receivesHead();
      readers.add(reader);
      waitsForTheFirst(backend, i);
    }
    weir.eventually(CUT, 1, ProxySetup.WEB, "overload");
    weir.eventually("weir_connections", MOST, ProxySetup.WEB);
    weir.eventually(ERRORS, 1, ProxySetup.WEB, "overload");
    backend.seesEndOf(0);
    readers.getLast().receivesAndDrops(SIZE);
  }

  @Test
  void withinTlsIsCutAtOnceToo(@TempDir Path folder) throws Exception {
    LogWatch tls = keeps(LogWatch.of("io.netty.handler.ssl.SslHandler"));
    keeps(() -> assertThat(tls.warnings()).isEmpty()); // looked at when the proxy has ended
    ByteBackend backend = backend(sendsMuch());
    WeirUnderTest weir =
        starts(
            scarce()
                .app(backend)
                .certificate("one", Openssl.selfSigned(folder, "one.test"))
                .listensTls(ProxySetup.WEB, "one"));
    TlsOffer offer = TlsOffer.named("one.test");
    for (int i = 0; i <= MOST; i++) {
      keeps(ByteClient.connectTlsWithSmallWindow(weir.address(ProxySetup.WEB), offer))
          .sends(GET)
          .receivesHead();
      waitsForTheFirst(backend, i);
    }
    weir.eventually(CUT, 1, ProxySetup.WEB, "overload");
    weir.eventually("weir_connections", MOST, ProxySetup.WEB);
  }

  /** One that asks for {@code path}, and reads nothing of what it gets. */
  private ByteClient readsNothing(WeirUnderTest weir, String path) {
    ByteClient client = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
    return client.sends("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
  }

  /** It is complete as far as its exchange knows, and so in the log. */
  @Test
  void anAnswerOfOurOwnThatIsNotReadIsCutToo() {
    WeirUnderTest weir =
        starts(
            scarce()
                .route("", MUCH, new RouteConfig.Respond(200, "x".repeat(LARGE_PAGE), null))
                .app(backend(sendsMuch())));
    ByteClient first = readsNothing(weir, MUCH);
    assertThat(weir.log().line(0).outcome()).isEqualTo("ok");
    ByteClient last = first;
    for (int i = 0; i < MOST; i++) {
      last = readsNothing(weir, "/");
      last.receivesHead();
    }
    weir.eventually(CUT, 1, ProxySetup.WEB, "overload");
    assertThat(first.bodyBreaksOff(first.receivesHead())).isTrue();
    weir.eventually("weir_connections", MOST, ProxySetup.WEB);
    last.receivesAndDrops(SIZE);
  }

  /** It began to wait while its backend was asked, and so before the answer did. */
  @Test
  void whatWasSentAheadAndWaitsBehindAnUnreadAnswerIsCutToo() throws Exception {
    CountDownLatch breaks = new CountDownLatch(1);
    Script broken =
        on -> {
          on.receivesHead();
          on.waitsFor(breaks);
          on.sends("no HTTP\r\n\r\n").waitsForEnd();
        };
    WeirUnderTest weir =
        starts(
            scarce()
                .errorPage(502, ErrorPagesConfig.Type.TEXT, "x".repeat(LARGE_PAGE))
                .app(backend(broken, sendsMuch())));
    ByteClient first = readsNothing(weir, "/");
    sendsAhead(first);
    Stillness.of(first::sentCount);
    breaks.countDown();
    assertThat(weir.log().line(0).outcome()).isEqualTo("upstream_protocol"); // and that was all
    ByteClient last = first;
    for (int i = 2; i <= MOST; i++) {
      last = readsNothing(weir, "/");
      last.receivesHead();
    }
    weir.eventually(ERRORS, 1, ProxySetup.WEB, "overload");
    assertThat(weir.figure(CUT, ProxySetup.WEB, "overload")).isZero();
    Response page = first.receivesHead();
    assertThat(page.status()).isEqualTo(502);
    assertThat(first.bodyBreaksOff(page)).isTrue();
    weir.eventually("weir_connections", MOST - 1, ProxySetup.WEB);
    last.receivesAndDrops(SIZE);
  }

  /** As far as anybody takes it, in a thread of its own. */
  private static void sendsAhead(ByteClient client) {
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              try {
                client.sendsZeros(SIZE);
              } catch (UncheckedIOException cut) {
                // as it is to be
              }
            });
  }

  @Test
  void whoReadsIsNeverInTheWay() {
    ByteBackend backend = backend(sendsMuch());
    WeirUnderTest weir = starts(scarce().app(backend));
    for (int i = 0; i <= 2 * MOST; i++) {
      try (ByteClient reader = ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB))) {
        reader.sends(GET).receivesHead();
        reader.receivesAndDrops(MEGABYTE);
      }
    }
    weir.eventually("weir_connections", 0, ProxySetup.WEB);
    assertThat(weir.figure(CUT, ProxySetup.WEB, "overload")).isZero();
  }

  @Test
  void aStreamWithoutAWindowIsOneOfThem() throws Exception {
    ByteBackend backend = backend(sendsMuch());
    WeirUnderTest weir = starts(scarce().app(backend).listensH2c(ProxySetup.WEB));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.sends(Http2Frame.settings(INITIAL_WINDOW_SIZE, 0));
    for (int i = 0; i <= MOST; i++) {
      client.asks(1 + 2 * i);
      waitsForTheFirst(backend, i);
    }
    assertThat(client.receivesReset(1)).isEqualTo(ENHANCE_YOUR_CALM);
    backend.seesEndOf(0);
    assertThat(client.isAnswered()).isTrue();
    for (int i = 1; i <= MOST; i++) {
      assertThat(client.on(1 + 2 * i).reset()).as("stream %d", 1 + 2 * i).isNull();
    }
  }

  @Test
  void soIsOneWhoseAnswerIsCompleteAndItIsCounted() throws Exception {
    ByteBackend backend =
        backend(Script.answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    WeirUnderTest weir = starts(scarce().app(backend).listensH2c(ProxySetup.WEB));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.sends(Http2Frame.settings(INITIAL_WINDOW_SIZE, 0));
    for (int i = 0; i <= MOST; i++) {
      client.asks(1 + 2 * i);
      assertThat(weir.log().line(i).outcome()).isEqualTo("ok");
    }
    assertThat(client.receivesReset(1)).isEqualTo(ENHANCE_YOUR_CALM);
    weir.eventually(ERRORS, 1, ProxySetup.WEB, "overload");
    assertThat(client.isAnswered()).isTrue();
    weir.eventually(ERRORS, 1, ProxySetup.WEB);
    client.sends(Http2Frame.windowUpdate(3, 100)).receives(3, 200);
  }

  @Test
  void aStreamThatIsNotAnsweredYetHoldsNothing() throws Exception {
    CountDownLatch answers = new CountDownLatch(1);
    ByteBackend backend =
        backend(on -> {
          if (on.receivesRequest().target().equals(MUCH)) {
            on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
            on.sendsZeros(SIZE);
          } else {
            answers.await();
            on.sends("HTTP/1.1 204 No Content\r\n\r\n");
          }
        });
    WeirUnderTest weir = starts(scarce().app(backend).listensH2c(ProxySetup.WEB));
    Http2Client client = keeps(Http2Client.openWithSmallBuffer(weir.address(ProxySetup.WEB)));
    client.sends(Http2Frame.settings(INITIAL_WINDOW_SIZE, WIDE), Http2Frame.windowUpdate(0, WIDE));
    int much = 1 + 2 * 2 * MOST;
    for (int stream = 1; stream < much; stream += 2) {
      client.asks(stream);
    }
    backend.receivesRequests(2 * MOST);
    client.asksFor(much, MUCH);
    Stillness.of(backend.connection(2 * MOST)::sentCount); // the socket is full, for all of them
    answers.countDown();
    client.dropsBodies().receives(much, 200);
    for (int stream = 1; stream < much; stream += 2) {
      client.receives(stream, 204);
    }
  }

  @Test
  void whatABackendMaySendForOneWhoDoesNotReadCountsToo() throws Exception {
    int readersOfThree = MOST / 3; // each holds what a client does, and a window of twice as much
    AtomicLong sent = new AtomicLong();
    Http2Backend backend = keeps(Http2Backend.playing(on -> sendsMuch(on, sent)));
    WeirUnderTest weir =
        starts(
            scarce()
                .pool(ProxySetup.APP, HttpProtocol.H2C, ProxySetup.hostPort(backend.address()))
                .route("", "", ProxySetup.APP));
    for (int i = 0; i <= readersOfThree; i++) {
      long before = sent.get();
      ByteClient reader = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
      reader.sends(GET).receivesHead();
      ByteBackend.waitsUntil("a full window", () -> sent.get() >= before + WINDOW);
      Stillness.of(sent::get); // all on its way is full
    }
    weir.eventually("weir_connections", readersOfThree, ProxySetup.WEB);
    weir.eventually(ERRORS, 1, ProxySetup.WEB, "overload");
    assertThat(weir.figure("weir_pool_failures_total", ProxySetup.APP)).isZero();
  }

  private static final String WEBSOCKET =
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

  private static void takesAndSendsMuch(Http2Talk on, AtomicLong sent) throws Exception {
    on.begins(CONNECT_PROTOCOL, 1, Http2Talk.MAX_CONCURRENT_STREAMS, 1);
    int stream = on.receivesHead().stream();
    on.head(stream, false, ":status", "200");
    sendsMuch(on, stream, sent);
  }

  private static ProxySetup toHttp2(Http2Backend backend) {
    return scarce()
        .pool(ProxySetup.APP, HttpProtocol.H2C, ProxySetup.hostPort(backend.address()))
        .route("", "", ProxySetup.APP);
  }

  @Test
  void whatABackendMaySendByAWebSocketCountsToo() throws Exception {
    int readersOfThree = MOST / 3;
    AtomicLong sent = new AtomicLong();
    Http2Backend backend = keeps(Http2Backend.playing(on -> takesAndSendsMuch(on, sent)));
    WeirUnderTest weir = starts(toHttp2(backend));
    for (int i = 0; i <= readersOfThree; i++) {
      long before = sent.get();
      ByteClient reader = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
      assertThat(reader.sends(WEBSOCKET).receivesHead().status()).isEqualTo(101);
      ByteBackend.waitsUntil("a full window", () -> sent.get() >= before + WINDOW);
      Stillness.of(sent::get); // all on its way is full
    }
    weir.eventually("weir_connections", readersOfThree, ProxySetup.WEB);
    weir.eventually("weir_http_upgraded_connections", readersOfThree, ProxySetup.WEB);
    weir.eventually(CUT, 1, ProxySetup.WEB, "overload");
  }

  /** Their sockets take more, and a rule does not let them have it. */
  @Test
  void whatWaitsForARuleInAWebSocketIsCutToo() throws Exception {
    int held = MOST / 2; // each a window
    RuleConfig slow =
        new RuleConfig(
            "slow",
            MatchConfig.ALWAYS,
            new ActionConfig.Bandwidth(List.of(new KeyPart.Header("x-id")), 1 << 10, 1 << 10));
    AtomicLong sent = new AtomicLong();
    Http2Backend backend = keeps(Http2Backend.playing(on -> takesAndSendsMuch(on, sent)));
    WeirUnderTest weir = starts(toHttp2(backend).rules(slow));
    for (int i = 0; i <= held; i++) {
      long before = sent.get();
      ByteClient reader = keeps(ByteClient.connect(weir.address(ProxySetup.WEB)));
      reader.sends(WEBSOCKET.replace("Host: a", "Host: a\r\nX-Id: " + i)).receivesHead();
      ByteBackend.waitsUntil("a full window", () -> sent.get() >= before + WINDOW);
    }
    weir.eventually("weir_http_upgraded_connections", held, ProxySetup.WEB);
    weir.eventually(ERRORS, 1, ProxySetup.WEB, "overload");
    assertThat(weir.log().line(0).outcome()).isEqualTo("overload");
  }

  /** As much as the window of its one stream allows. */
  private static void sendsMuch(Http2Talk on, AtomicLong sent) throws Exception {
    on.begins(Http2Talk.MAX_CONCURRENT_STREAMS, 1);
    int stream = on.receivesRequest().stream();
    on.head(stream, false, ":status", "200");
    sendsMuch(on, stream, sent);
  }

  private static void sendsMuch(Http2Talk on, int stream, AtomicLong sent) throws Exception {
    byte[] piece = new byte[PIECE];
    long room = WINDOW;
    Optional<Http2Talk.Frame> frame;
    do {
      for (; room >= PIECE; room -= PIECE) {
        on.data(stream, piece, false);
        sent.addAndGet(PIECE);
      }
      frame = on.next();
      room +=
          frame
              .filter(next -> next.type() == Http2Talk.WINDOW_UPDATE && next.stream() == stream)
              .map(Http2Talk.Frame::number)
              .orElse(0);
    } while (frame.isPresent());
  }

  @Test
  void relayedClientsAreNoOthers() throws Exception {
    ByteBackend backend = backend(on -> on.sendsZeros(SIZE));
    WeirUnderTest weir =
        starts(
            scarce().listens(DB, new ListenerConfig.Relay(DB), null).pool(DB, backend.address()));
    for (int i = 0; i <= MOST; i++) {
      keeps(ByteClient.connectWithSmallWindow(weir.address(DB)));
      waitsForTheFirst(backend, i);
    }
    weir.eventually(CUT, 1, DB, "overload");
    weir.eventually("weir_connections", MOST, DB);
    backend.seesEndOf(0);
    assertThat(weir.log().connection(0).outcome()).isEqualTo("overload");
  }

  /** Until all on its way is full: it has waited the longest. */
  private static void waitsForTheFirst(ByteBackend backend, int reader)
      throws InterruptedException {
    if (reader == 0) {
      Stillness.of(backend.connection(0)::sentCount);
    }
  }
}
