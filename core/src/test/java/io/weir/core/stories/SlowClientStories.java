package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.RouteConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stillness;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Clients that take their time, honest ones and others, and requests that take too long. */
class SlowClientStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final Duration SOON = Duration.ofMillis(400);

  /** Longer than any thread of a test is held up: what must not run out while it is. */
  private static final Duration AMPLE = Duration.ofSeconds(2);

  private static final Duration LATE = Duration.ofSeconds(60);
  private static final Duration BEAT = Duration.ofMillis(40);

  /** More than the kernel holds on the way. */
  private static final String MUCH = "m".repeat(16 << 20);

  /** Beats that take several times as long as {@link #SOON}. */
  private static final int MANY = 40;

  /** Beats that take twice as long as {@link #AMPLE}. */
  private static final int BEYOND_AMPLE = 100;

  /** As browsers connect, to have a connection when they need it. */
  @Test
  void whoConnectsAndSaysNothingIsLetGoAndIsNoError() {
    WeirUnderTest weir =
        starts(proxy().app(backend(Script.stalls())).clientTimeouts(SOON, LATE, LATE));
    assertThat(client(weir).receivesUntilClose()).isEmpty();
    awaitsNoConnection(weir);
    weir.eventually("weir_connections_accepted_total", 1, ProxySetup.WEB);
    assertThat(weir.figure("weir_connections_rejected_total", ProxySetup.WEB)).isZero();
    assertThat(weir.figure("weir_http_errors_total", ProxySetup.WEB)).isZero();
    assertThat(weir.log().lines()).isEmpty();
  }

  @Test
  void aSlowHonestUploadLives() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(uploads(AMPLE).app(backend));
    ByteClient client = client(weir).sends(post(BEYOND_AMPLE * 100));
    for (int beat = 0; beat < BEYOND_AMPLE; beat++) {
      client.sends("x".repeat(100)); // 2,500 bytes a second
      pauses();
    }
    client.receives(200);
    assertThat(backend.receivesOneRequest().body()).hasSize(BEYOND_AMPLE * 100);
  }

  @Test
  void aTrickleToABackendThatAnswersAlreadyIsTheirAffair() {
    CountDownLatch all = new CountDownLatch(1);
    ByteBackend backend =
        backend(on -> {
          on.receivesHead();
          on.sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").drops(BEYOND_AMPLE);
          on.sends("0\r\n\r\n").waitsFor(all);
        });
    WeirUnderTest weir = starts(uploads(AMPLE).app(backend));
    ByteClient client = client(weir).sends(post(BEYOND_AMPLE));
    Response head = client.receivesHead();
    for (int beat = 0; beat < BEYOND_AMPLE; beat++) {
      client.sends("x");
      pauses();
    }
    assertThat(client.bodyBreaksOff(head)).isFalse();
    all.countDown();
  }

  /** As one that watches something and says no more than what. */
  @Test
  void aClientThatOnlyListensLivesAsLongAsItsBackendSpeaks() {
    ByteBackend backend =
        backend(on -> {
          on.receivesHead();
          on.sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          for (int beat = 0; beat < BEYOND_AMPLE; beat++) {
            on.sends("1\r\nx\r\n");
            pauses();
          }
          on.sends("0\r\n\r\n");
        });
    WeirUnderTest weir = starts(uploads(AMPLE).app(backend));
    ByteClient client = client(weir).sends(post(1000) + "watch");
    assertThat(client.receives(200).body()).hasSize(BEYOND_AMPLE);
  }

  @Test
  void aCallInWhichBothAreSilentIsCut() {
    CountDownLatch over = new CountDownLatch(1);
    ByteBackend backend =
        backend(on -> {
          on.receivesHead();
          on.sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
          on.waitsFor(over);
        });
    WeirUnderTest weir = starts(uploads(AMPLE).app(backend));
    ByteClient client = client(weir).sends(post(1000) + "watch");
    assertThat(client.bodyBreaksOff(client.receivesHead())).isTrue();
    weir.eventually("weir_http_errors_total", 1, ProxySetup.WEB, "request_timeout");
    over.countDown();
  }

  @Test
  void aBackendThatTakesTheBodySlowlyIsNotTheClientsFault() throws Exception {
    int size = 32 << 20;
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend backend =
        keeps(
            ByteBackend.withSmallWindow(on -> {
              on.receivesHead();
              on.waitsFor(gate).drops(size).sends(OK).waitsForEnd();
            }));
    WeirUnderTest weir = starts(uploads(AMPLE).app(backend));
    ByteClient client = client(weir).sends(post(size));
    Thread sender = Thread.ofVirtual().start(() -> client.sendsZeros(size));
    Stillness.of(client::sentCount);
    client.receivesNothingFor(AMPLE.multipliedBy(3).dividedBy(2));
    gate.countDown();
    sender.join();
    client.receives(200);
  }

  @Test
  void aClientThatReadsNothingIsCutOff() {
    ByteBackend backend = backend(sendsMegabytes(64));
    WeirUnderTest weir = starts(proxy().app(backend).clientTimeouts(LATE, LATE, SOON));
    ByteClient client = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
    client.sends(GET).receivesHead();
    backend.seesEndOf(0);
    awaitsNoConnection(weir);
    assertThat(weir.log().line(0).outcome()).isEqualTo("request_timeout");
  }

  @Test
  void aClientThatDoesNotReadTheEndOfItsLastResponseIsCutOff() {
    int size = 8 << 20;
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + size + "\r\n\r\n");
          on.sendsZeros(size);
        });
    WeirUnderTest weir = starts(proxy().app(backend).clientTimeouts(LATE, LATE, SOON));
    ByteClient client = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
    client.sends(GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")).receivesHead();
    backend.seesEndOf(0); // it was read to its end; what is left waits for the client
    awaitsNoConnection(weir);
  }

  @Test
  void aClientThatStillSendsHasItsTimeToReadTheLastAnswer() throws Exception {
    WeirUnderTest weir = starts(answersMuch());
    ByteClient client = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
    client.sends(post(1 << 20) + "x"); // and never the rest
    client.receivesHead();
    TimeUnit.SECONDS.sleep(3); // longer than we wait for the client's end once all is out
    assertThat(client.receivesUntilEof()).hasSize(MUCH.length());
  }

  @Test
  void aHeadBehindAnUnreadAnswerHasItsTimeOnceItIsRead() throws Exception {
    WeirUnderTest weir = starts(answersMuch().clientTimeouts(AMPLE, LATE, LATE));
    ByteClient client = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
    client.sends(GET + "GET /second HTTP/1.1\r\n").receivesHead();
    TimeUnit.NANOSECONDS.sleep(AMPLE.multipliedBy(3).dividedBy(2).toNanos());
    client.receivesAndDrops(MUCH.length());
    client.sends("Host: a\r\n\r\n").receives(200);
  }

  @Test
  void aHeadBehindAnUnreadAnswerHasNoMoreThanThat() {
    WeirUnderTest weir = starts(answersMuch().clientTimeouts(SOON, LATE, LATE));
    ByteClient client = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
    client.sends(GET + "GET /second HTTP/1.1\r\n").receives(200);
    client.receives(408);
  }

  private static ProxySetup answersMuch() {
    return proxy().route("", "", new RouteConfig.Respond(200, MUCH, "text/plain"));
  }

  @Test
  void aWholeRequestThatTakesTooLongIs504WhenItsBackendDoes() {
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          while (true) {
            on.sends("HTTP/1.1 103 Early Hints\r\n\r\n"); // never silent
            pauses();
          }
        });
    WeirUnderTest weir = starts(proxy().app(backend).wholeRequest(SOON));
    client(weir).sends(GET.replace("1.1", "1.0")).receives(504);
    backend.seesEndOf(0);
  }

  @Test
  void aWholeRequestThatTakesTooLongIs408WhenItsClientDoes() {
    WeirUnderTest weir = starts(proxy().app(backend(Script.stalls())).wholeRequest(SOON));
    ByteClient client = client(weir).sends(post(1 << 20));
    for (int beat = 0; beat < 5; beat++) {
      client.sendsWhatIsTaken("x".repeat(1000));
      pauses();
    }
    client.receives(408);
  }

  @Test
  void aWholeRequestThatTakesTooLongIsCutWhenItsResponseBegan() {
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
          while (true) {
            on.sends("x");
            pauses();
          }
        });
    WeirUnderTest weir = starts(proxy().app(backend).wholeRequest(AMPLE));
    ByteClient client = client(weir);
    assertThat(client.bodyBreaksOff(client.sends(GET).receivesHead())).isTrue();
  }

  @Test
  void aRequestWithinItsTimeIsNotHeldToThatOfTheLast() {
    ByteBackend backend = backend(Script.answers(OK));
    WeirUnderTest weir = starts(proxy().app(backend).wholeRequest(AMPLE));
    ByteClient client = client(weir);
    for (int i = 0; i < BEYOND_AMPLE; i++) {
      client.sends(GET).receives(200);
      pauses();
    }
  }

  private static ProxySetup uploads(Duration pause) {
    return proxy().clientTimeouts(LATE, pause, LATE).minBodyRate(1000);
  }

  private static String post(int length) {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n";
  }

  private static Script sendsMegabytes(int count) {
    long size = (long) count << 20;
    return on -> {
      on.receivesRequest();
      on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n").sendsZeros(size);
    };
  }

  private static void awaitsNoConnection(WeirUnderTest weir) {
    weir.eventually("weir_connections", 0, ProxySetup.WEB);
  }

  /** A client's pace is what these stories are about. */
  private static void pauses() {
    try {
      TimeUnit.MILLISECONDS.sleep(BEAT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
