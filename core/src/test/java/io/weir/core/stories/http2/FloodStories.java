package io.weir.core.stories.http2;

import static io.weir.core.testkit.HpackText.kept;
import static io.weir.core.testkit.HpackText.literals;
import static io.weir.core.testkit.HpackText.together;
import static io.weir.core.testkit.Http2Frame.END_HEADERS;
import static io.weir.core.testkit.Http2Frame.END_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.stories.Memory;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.metrics.MetricName;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that make work and ask for nothing: each is told to calm down and loses its connection,
 * while another client on the same loop goes on and memory stays where it was.
 */
class FloodStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  /** Frames of an attack; the budget of a connection is far below. */
  private static final int FRAMES = 50_000;

  private static final int BATCH = 500;
  private static final long MOST_GROWTH = 48L << 20;

  /** Far above what a request takes here, far below what an attack would make of it. */
  private static final Duration MOST_WAIT = Duration.ofSeconds(5);

  private static final byte[] GET = Http2Client.head("GET", "/");
  private static final byte[] POST = Http2Client.head("POST", "/");

  /**
   * An attack.
   *
   * @param first sent once
   * @param again what is repeated, by its number
   */
  record Flood(String name, byte[] first, IntFunction<byte[]> again) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Flood> floods() {
    byte[] nothing = {};
    return Stream.of(
        new Flood("PING", nothing, i -> Http2Frame.ping(i).bytes()),
        new Flood("SETTINGS", nothing, i -> Http2Frame.settings(4, 65_535).bytes()),
        new Flood("empty SETTINGS", nothing, i -> Http2Frame.settings().bytes()),
        new Flood("PRIORITY", nothing, i -> Http2Frame.priority(2 * i + 1, 0, 16).bytes()),
        new Flood("unknown frames", nothing, i -> Http2Frame.of(0x20, 0, 0).bytes()),
        new Flood("WINDOW_UPDATE", nothing, i -> Http2Frame.windowUpdate(0, 1).bytes()),
        new Flood(
            "empty DATA",
            Http2Frame.headers(1, END_HEADERS, POST).bytes(),
            i -> Http2Frame.data(1, 0, "").bytes()),
        new Flood(
            "DATA of padding alone",
            Http2Frame.headers(1, END_HEADERS, POST).bytes(),
            i -> Http2Frame.of(Http2Frame.DATA, Http2Frame.PADDED, 1, (byte) 0).bytes()),
        new Flood(
            "SETTINGS acknowledged that nobody sent",
            nothing,
            i -> Http2Frame.settingsAck().bytes()),
        new Flood(
            "DATA on a stream that was reset for it",
            Http2Frame.headers(1, END_HEADERS, together(POST, literals("X", "y"))).bytes(),
            i -> Http2Frame.data(1, 0, "x").bytes()),
        new Flood(
            "rapid reset",
            nothing,
            i ->
                together(
                    Http2Frame.headers(2 * i + 1, END_HEADERS | END_STREAM, GET).bytes(),
                    Http2Frame.reset(2 * i + 1, 8).bytes())),
        new Flood(
            "made you reset, by a window",
            nothing,
            i ->
                together(
                    Http2Frame.headers(2 * i + 1, END_HEADERS, POST).bytes(),
                    Http2Frame.windowUpdate(2 * i + 1, 0).bytes())),
        new Flood(
            "made you reset, by a body behind the end",
            nothing,
            i ->
                together(
                    Http2Frame.headers(2 * i + 1, END_HEADERS | END_STREAM, GET).bytes(),
                    Http2Frame.data(2 * i + 1, END_STREAM, "x").bytes())),
        new Flood(
            "malformed requests",
            nothing,
            i ->
                Http2Frame.headers(
                        2 * i + 1, END_HEADERS | END_STREAM, together(GET, literals("X", "y")))
                    .bytes()),
        new Flood(
            "more streams than allowed",
            nothing,
            i ->
                Http2Frame.headers(2 * i + 1, END_HEADERS, Http2Client.head("POST", "/slow"))
                    .bytes()),
        new Flood(
            "CONTINUATION, empty",
            Http2Frame.headers(1, END_STREAM, GET).bytes(),
            i -> Http2Frame.continuation(1, 0, new byte[0]).bytes()),
        new Flood(
            "CONTINUATION, large",
            Http2Frame.headers(1, END_STREAM, GET).bytes(),
            i -> Http2Frame.continuation(1, 0, literals("x", "y".repeat(16_000))).bytes()));
  }

  private ByteBackend backend;
  private WeirUnderTest weir;

  @BeforeEach
  void starts() {
    backend =
        backend(
            Script.answers((on, request) -> {
              if (request.target().equals("/slow")) {
                on.waitsForEnd();
              } else {
                on.sends(OK);
              }
            }));
    weir = starts(proxy().listensH2c(ProxySetup.WEB).app(backend));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("floods")
  void isToldToCalmDown(Flood flood) throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong slowest = new AtomicLong();
    AtomicLong served = new AtomicLong();
    Http2Client honest = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    honest.asks(1).receives(1, 200);
    Http2Client attacker = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    try (Memory memory = Memory.watch()) {
      Thread other = Thread.ofVirtual().start(() -> goesOn(honest, over, served, slowest));
      attacks(attacker, flood);
      assertThat(attacker.receivesGoAway())
          .as("GOAWAY: %s", attacker.why())
          .isEqualTo(Http2Row.ENHANCE_YOUR_CALM);
      attacker.receivesEnd();
      over.set(true);
      other.join();
      assertThat(memory.mostDirectGrowth()).isLessThan(MOST_GROWTH);
      assertThat(memory.growthWhilePaused()).isLessThan(MOST_GROWTH);
    }
    assertThat(served.get()).as("requests of the other client").isPositive();
    assertThat(slowest.get()).as("its slowest, in ns").isLessThan(MOST_WAIT.toNanos());
    assertThat(floodsCounted()).isEqualTo(1);
  }

  private static void attacks(Http2Client attacker, Flood flood) {
    attacker.sendsWhatIsTaken(flood.first());
    for (int i = 0; i < FRAMES; i += BATCH) {
      ByteArrayOutputStream batch = new ByteArrayOutputStream();
      for (int n = i; n < i + BATCH; n++) {
        batch.writeBytes(flood.again().apply(n));
        if (batch.size() > 1 << 20) {
          break;
        }
      }
      if (!attacker.sendsWhatIsTaken(batch.toByteArray())) {
        return;
      }
    }
  }

  private static void goesOn(
      Http2Client client, AtomicBoolean over, AtomicLong served, AtomicLong slowest) {
    for (int stream = 3; !over.get() || served.get() == 0; stream += 2) {
      long began = System.nanoTime();
      client.asks(stream).receives(stream, 200);
      slowest.accumulateAndGet(System.nanoTime() - began, Math::max);
      served.incrementAndGet();
    }
  }

  private long floodsCounted() {
    return weir.metrics()
        .sum(
            weir.metrics()
                .slots(
                    MetricName.HTTP_ERRORS,
                    List.of("listener", "reason"),
                    List.of(ProxySetup.WEB, "flood")));
  }

  @Test
  void aBombOfFieldsIs431AndCostsNoMemory() throws Exception {
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    // A field of 4,000 bytes that the table keeps, and then 16,000 times its index: 64 MB.
    byte[] big = kept("x", "y".repeat(4_000));
    byte[] indexes = new byte[16_000];
    Arrays.fill(indexes, (byte) 0xbe);
    try (Memory memory = Memory.watch()) {
      client.sends(
          Http2Frame.headers(1, END_STREAM, together(GET, big)),
          Http2Frame.continuation(1, END_HEADERS, indexes));
      client.receives(1, 431);
      for (int stream = 3; stream < 200; stream += 2) {
        client.sends(Http2Frame.headers(stream, END_STREAM, GET));
        client.sends(Http2Frame.continuation(stream, END_HEADERS, indexes));
        client.receives(stream, 431);
      }
      assertThat(memory.growthWhilePaused()).isLessThan(MOST_GROWTH);
    }
    client.asks(1_001).receives(1_001, 200);
  }

  @Test
  void whoCancelsAsMuchAsItTakesIsNoFlood() {
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    for (int i = 0; i < 1_000; i++) {
      client.asks(4 * i + 1).receives(4 * i + 1, 200);
      client.asks(4 * i + 3).sends(Http2Frame.reset(4 * i + 3, 8));
    }
    assertThat(client.isAnswered()).as("alive; %s", client.why()).isTrue();
  }
}
