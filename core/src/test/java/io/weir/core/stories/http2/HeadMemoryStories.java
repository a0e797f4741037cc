package io.weir.core.stories.http2;

import static io.weir.core.testkit.HpackText.bytes;
import static io.weir.core.testkit.HpackText.kept;
import static io.weir.core.testkit.HpackText.together;
import static io.weir.core.testkit.Http2Frame.END_HEADERS;
import static io.weir.core.testkit.Http2Frame.END_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HttpProtocol;
import io.weir.core.stories.Memory;
import io.weir.core.testkit.AccessRecorder;
import io.weir.core.testkit.Conversation;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Http2Response;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Heads and trailers of requests under way, which cost the client of HTTP/2 a few bytes each: all
 * of a worker have a part of the memory together.
 */
class HeadMemoryStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final byte[] GET = Http2Client.head("GET", "/");

  /**
   * Nearly as large as a head may be, of four fields that the table keeps; for those that follow.
   */
  private static final byte[] LARGE = bytes(0xbe, 0xbe, 0xbe, 0xbe);

  private static final int LARGE_BYTES = 4 * 3_900;
  private static final int STREAMS = 128;
  private static final int MANY = 20;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int HEAD_MEMORY = 2 << 20;

  /** What a connection may hold of the reserve. */
  private static final int OF_RESERVE = 128 << 10;

  private static final byte[] SLOW = Http2Client.head("POST", "/slow");
  private static final String ERRORS = "weir_http_errors_total";

  private WeirUnderTest weir;
  private long refused;

  /** Answers {@code /early} before the request ends, {@code /slow} never, and all else at once. */
  private static void answers(Conversation on) throws Exception {
    while (true) {
      switch (on.receivesHead().target()) {
        case "/early" ->
            on.sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
        case "/slow" -> {}
        default -> {
          on.sends(OK);
          continue;
        }
      }
      on.waitsForEnd();
    }
  }

  @BeforeEach
  void starts() {
    weir =
        starts(
            proxy()
                .workers(1)
                .bufferMemory(HEAD_MEMORY)
                .listensH2c(ProxySetup.WEB)
                .app(backend(HeadMemoryStories::answers)));
  }

  /** A client that has asked for something, and whose table has what {@link #LARGE} stands for. */
  private Http2Client withTable() {
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    byte[] field = kept("x", "y".repeat(3_900));
    client.sends(Http2Frame.headers(1, END_HEADERS | END_STREAM, together(GET, field)));
    client.receives(1, 200);
    return client;
  }

  /** So many requests without an end; how many of them were refused. */
  private static long begins(Http2Client client, int first, int count) {
    for (int i = 0; i < count; i++) {
      client.sends(Http2Frame.headers(first + 2 * i, END_HEADERS, together(SLOW, LARGE)));
    }
    assertThat(client.isAnswered()).as("alive; %s", client.why()).isTrue();
    return refused(client, first, count);
  }

  private static long refused(Http2Client client, int first, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> client.on(first + 2 * i).reset())
        .filter(reset -> reset != null)
        .peek(reset -> assertThat(reset).isEqualTo(Http2Row.REFUSED_STREAM))
        .count();
  }

  private double overloads() {
    return weir.figure(ERRORS, ProxySetup.WEB, "overload");
  }

  /** 20 bytes make each of them, and it is held for as long as its body may take. */
  @Test
  void headsOfRequestsThatDoNotEndStayWithinTheirMemory() {
    Http2Client honest = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    honest.asks(1).receives(1, 200);
    List<Http2Client> attackers = new ArrayList<>();
    long held = 0;
    for (int i = 0; i < 4; i++) {
      attackers.add(withTable());
      held += STREAMS - begins(attackers.getLast(), 3, STREAMS);
    }
    assertThat(held).isPositive();
    assertThat(held * LARGE_BYTES).isLessThanOrEqualTo(HEAD_MEMORY + 4 * OF_RESERVE);
    assertThat(overloads()).isEqualTo(4 * STREAMS - held);
    assertThat(weir.figure(ERRORS, ProxySetup.WEB, "flood")).isZero();

    for (int stream = 3; stream < 43; stream += 2) {
      honest.asks(stream);
    }
    for (int stream = 3; stream < 43; stream += 2) {
      honest.receives(stream, 200);
    }
    Http2Client last = attackers.removeLast();
    attackers.forEach(Http2Client::close);
    weir.eventually("weir_connections", 2, ProxySetup.WEB);
    assertThat(begins(last, 1_001, 8)).as("refused when there is room again").isZero();
    last.asks(2_001).receives(2_001, 200);
  }

  @Test
  void soDoTrailers() {
    Http2Client client = withTable();
    for (int stream = 3; stream < 203; stream += 2) {
      client.sends(Http2Frame.headers(stream, END_HEADERS, SLOW));
    }
    assertThat(client.isAnswered()).isTrue();
    assertThat(refused(client, 3, 100)).isZero();
    for (int stream = 3; stream < 203; stream += 2) {
      client.sends(Http2Frame.headers(stream, END_HEADERS | END_STREAM, LARGE));
    }
    assertThat(client.isAnswered()).as("alive; %s", client.why()).isTrue();
    long ended =
        IntStream.range(0, 100)
            .mapToObj(i -> client.on(3 + 2 * i))
            .filter(response -> response.status() == 503)
            .count();
    assertThat(ended).isPositive();
    assertThat((100 - ended) * LARGE_BYTES).isLessThanOrEqualTo(HEAD_MEMORY + OF_RESERVE);
    assertThat(overloads()).isEqualTo(ended);
  }

  /** A client that has sent so much that not even trailers have room. */
  private Http2Client withoutRoom(String path) {
    Http2Client client = withTable();
    client.begins(3, "POST", path);
    refused = begins(client, 101, STREAMS - 1);
    assertThat(refused).isPositive();
    return client;
  }

  private static Http2Frame trailers(int stream) {
    return Http2Frame.headers(stream, END_HEADERS | END_STREAM, LARGE);
  }

  private void logged(int status) {
    AccessRecorder.Line line = weir.log().line(1); // behind that of the table
    assertThat(line.status()).isEqualTo(status);
    assertThat(line.outcome()).isEqualTo("overload");
    assertThat(overloads()).isEqualTo(refused + 1);
  }

  @Test
  void whoseTrailersHaveNoRoomIsAnsweredAndLoggedSo() {
    withoutRoom("/slow").sends(trailers(3)).receives(3, 503);
    logged(503);
  }

  @Test
  void whoDoesNotReadIsResetAndLoggedSo() {
    Http2Client client = withoutRoom("/slow");
    client.sends(Http2Frame.settings(INITIAL_WINDOW_SIZE, 0), trailers(3));
    assertThat(client.receivesReset(3)).isEqualTo(Http2Row.ENHANCE_YOUR_CALM);
    logged(0);
  }

  @Test
  void whoseAnswerHasBegunIsResetAndLoggedSo() {
    Http2Client client = withoutRoom("/early");
    client.receivesUntil("an answer", () -> client.on(3).status() == 200);
    client.sends(trailers(3));
    assertThat(client.receivesReset(3)).isEqualTo(Http2Row.ENHANCE_YOUR_CALM);
    logged(200);
  }

  /**
   * They are answered, and nobody counts what they hold any more; only their clients do not read.
   */
  @Test
  void trailersThatNobodyWantedAreNotKept() throws Exception {
    Http2Backend silent = keeps(Http2Backend.playing(on -> on.waitsForEnd()));
    weir =
        starts(
            proxy()
                .workers(1)
                .bufferMemory(1L << 30)
                .backendTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(60))
                .listensH2c(ProxySetup.WEB)
                .pool(ProxySetup.APP, HttpProtocol.H2C, ProxySetup.hostPort(silent.address()))
                .route("", "", ProxySetup.APP));
    List<Http2Client> clients = new ArrayList<>();
    try (Memory memory = Memory.watch()) {
      for (int i = 0; i < MANY; i++) {
        Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
        client.sends(Http2Frame.settings(INITIAL_WINDOW_SIZE, 0));
        byte[] first = kept("x", "y".repeat(3_900));
        client.sends(
            Http2Frame.headers(1, END_HEADERS, SLOW),
            Http2Frame.headers(
                1, END_HEADERS | END_STREAM, together(first, bytes(0xbe, 0xbe, 0xbe))));
        for (int stream = 3; stream < 2 * STREAMS; stream += 2) {
          client.sends(Http2Frame.headers(stream, END_HEADERS, SLOW), trailers(stream));
        }
        clients.add(client);
      }
      for (Http2Client client : clients) {
        for (int stream = 1; stream < 2 * STREAMS; stream += 2) {
          Http2Response response = client.on(stream);
          client.receivesUntil("an answer", () -> response.status() > 0);
          assertThat(response.reset()).isNull();
        }
      }
      assertThat(memory.growthWhilePaused()).isLessThan(MANY * STREAMS * LARGE_BYTES / 2);
    }
  }

  @Test
  void whereThereIsRoomNobodyIsRefusedForHisHeads() {
    weir = starts(proxy().listensH2c(ProxySetup.WEB).app(backend(HeadMemoryStories::answers)));
    assertThat(begins(withTable(), 3, STREAMS)).isZero();
  }
}
