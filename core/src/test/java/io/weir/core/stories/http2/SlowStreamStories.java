package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Frame.data;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Http2Response;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import io.weir.firewall.config.ActionConfig;
import io.weir.firewall.config.MatchConfig;
import io.weir.firewall.config.RuleConfig;
import io.weir.firewall.config.StringPattern;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Streams that take their time, while the others of their connection go on. */
class SlowStreamStories extends Stories {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  private static final Duration SOON = Duration.ofMillis(400);

  /** Longer than any thread of a test is held up: what must not run out while it is. */
  private static final Duration AMPLE = Duration.ofSeconds(2);

  private static final Duration LATE = Duration.ofSeconds(60);
  private static final Duration BEAT = Duration.ofMillis(40);
  private static final int MANY = 40;
  private static final int BEYOND_AMPLE = 100; // beats
  private static final int LARGE_FRAME = 16_384;
  private static final int LARGE_ANSWER = 1 << 20;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final Http2Frame SHUT = Http2Frame.settings(INITIAL_WINDOW_SIZE, 0);
  private static final Http2Frame OPEN = Http2Frame.settings(INITIAL_WINDOW_SIZE, 1);
  private static final int CANCEL = 8;

  private Http2Client opens(ProxySetup setup) {
    WeirUnderTest weir = starts(setup.listensH2c(ProxySetup.WEB));
    return keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
  }

  private static ProxySetup uploads(Duration pause) {
    return proxy().clientTimeouts(LATE, pause, LATE).minBodyRate(1000);
  }

  @Test
  void aSlowHonestUploadLives() {
    ByteBackend backend = backend(Script.answers(OK));
    Http2Client client = opens(uploads(AMPLE).app(backend));
    client.begins(1, "POST", "/");
    for (int beat = 0; beat < BEYOND_AMPLE; beat++) {
      client.sends(data(1, 0, "x".repeat(100))); // 2,500 bytes a second
      pauses();
    }
    client.sends(data(1, 1, "")).receives(1, 200);
    assertThat(backend.receivesOneRequest().body()).hasSize(BEYOND_AMPLE * 100);
  }

  @Test
  void aSlowHonestUploadLivesInLargeFrames() {
    ByteBackend backend = backend(Script.answers(OK));
    Http2Client client = opens(uploads(AMPLE).app(backend));
    byte[] frame = data(1, 1, "x".repeat(LARGE_FRAME)).bytes();
    client.begins(1, "POST", "/");
    int step = frame.length / BEYOND_AMPLE + 1;
    for (int at = 0; at < frame.length; at += step) {
      client.sends(Arrays.copyOfRange(frame, at, Math.min(frame.length, at + step)));
      pauses(); // about 4,000 bytes a second, and the frame takes twice as long as a pause may
    }
    client.receives(1, 200);
    assertThat(backend.receivesOneRequest().body()).hasSize(LARGE_FRAME);
  }

  /** A watch of gRPC: one message asks, and the end of the request comes when it is over. */
  @Test
  void aCallWhoseClientOnlyListensLivesAsLongAsItsBackendSpeaks() {
    ByteBackend backend =
        backend(on -> {
          on.receivesHead();
          on.sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          for (int beat = 0; beat < BEYOND_AMPLE; beat++) {
            on.sends("1\r\nx\r\n");
            pauses();
          }
          on.sends("0\r\n\r\n").waitsForEnd();
        });
    Http2Client client = opens(uploads(SOON).tunnelIdle(AMPLE).app(backend));
    client.begins(1, "POST", "/").sends(data(1, 0, "watch")).receives(1, 200);
    assertThat(client.on(1).length()).isEqualTo(BEYOND_AMPLE);
  }

  @Test
  void aCallInWhichBothAreSilentIsReset() {
    ByteBackend backend =
        backend(on -> {
          on.receivesHead();
          on.sends("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n");
          on.waitsForEnd();
        });
    WeirUnderTest weir = starts(proxy().tunnelIdle(AMPLE).app(backend).listensH2c(ProxySetup.WEB));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.begins(1, "POST", "/").sends(data(1, 0, "watch")).receivesReset(1);
    weir.eventually("weir_http_errors_total", 1, ProxySetup.WEB, "request_timeout");
  }

  @Test
  void aShutWindowDoesNotStopTheClockOfABody() {
    Http2Client client = opens(uploads(SOON).app(backend(Script.stalls())));
    client.begins(1, "POST", "/").sends(SHUT);
    for (int beat = 0; beat < MANY; beat++) {
      client.sends(OPEN, SHUT);
      pauses();
    }
    assertThat(client.isAnswered()).isTrue();
    assertThat(client.on(1).status()).isEqualTo(408);
  }

  @Test
  void aShutWindowDoesNotStopTheClockOfATrickle() {
    Http2Client client = opens(uploads(SOON).app(backend(Script.stalls())));
    client.begins(1, "POST", "/").sends(SHUT);
    for (int beat = 0; beat < MANY; beat++) {
      client.sends(data(1, 0, "x"), OPEN, SHUT);
      pauses();
    }
    assertThat(client.isAnswered()).isTrue();
    assertThat(client.on(1).status()).isEqualTo(408);
  }

  private static ProxySetup impatient() {
    return proxy().clientTimeouts(LATE, LATE, AMPLE);
  }

  private ByteBackend sendsMuchButTo(String uploads) {
    return backend(on -> {
      Request head = on.receivesHead();
      if (head.target().equals(uploads)) {
        on.receivesBody(head);
        on.sends(OK).waitsForEnd();
      } else {
        on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE_ANSWER + "\r\n\r\n");
        on.sendsZeros(LARGE_ANSWER).waitsForEnd();
      }
    });
  }

  @Test
  void anUploadWithNothingToReadOutlivesADownloadThatIsNotRead() {
    Http2Client client = opens(impatient().app(sendsMuchButTo("/upload")));
    client.begins(1, "POST", "/upload").sends(data(1, 0, "some"));
    client.asks(3); // and all the connection's window is gone
    assertThat(client.receivesReset(3)).isEqualTo(CANCEL);
    for (int beat = 0; beat < BEYOND_AMPLE; beat++) {
      pauses();
    }
    client.sends(data(1, 1, "more"), Http2Frame.windowUpdate(0, LARGE_FRAME)).receives(1, 200);
  }

  /** Its body and its end come before the backend is connected, and more than goes out at once. */
  @Test
  void anUploadThatHadToWaitForItsBackendEnds() {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    Http2Client client = opens(proxy().app(backend(Script.answersOnce(answer))));
    byte[] piece = new byte[LARGE_FRAME];
    for (int stream = 1; stream < 2 * MANY; stream += 2) {
      client.begins(stream, "POST", "/");
      for (int n = 0; n < 7; n++) {
        client.sends(Http2Frame.of(Http2Frame.DATA, n == 6 ? 1 : 0, stream, piece));
      }
      client.receives(stream, 200);
    }
  }

  @Test
  void anAnswerOfWhichTheWindowTakesJustWhatIsThereIsResetToo() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    CountDownLatch sent = new CountDownLatch(1);
    ByteBackend backend =
        backend(on -> {
          if (on.receivesHead().target().equals("/other")) {
            on.sends("HTTP/1.1 204 No Content\r\n\r\n").waitsForEnd();
            return;
          }
          on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE_ANSWER + "\r\n\r\n");
          on.sendsZeros(65_535).waitsFor(gate);
          on.sendsZeros(1000);
          sent.countDown();
          on.waitsForEnd();
        });
    Http2Client client =
        opens(proxy().clientTimeouts(LATE, LATE, Duration.ofSeconds(2)).app(backend)).asks(1);
    client.receivesUntil("a whole window", () -> client.on(1).length() == 65_535);
    gate.countDown();
    sent.await();
    client
        .asksFor(3, "/other")
        .receives(3, 204); // so the loop has read the rest, and reads no more
    client.sends(Http2Frame.windowUpdate(0, 1000), Http2Frame.windowUpdate(1, 1000));
    assertThat(client.receivesReset(1)).isEqualTo(CANCEL);
    assertThat(client.on(1).length()).isEqualTo(66_535);
  }

  @Test
  void anAnswerThatIsNotReadIsResetThoughItsRequestEnded() {
    ByteBackend backend =
        backend(on -> {
          on.receivesHead();
          on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE_ANSWER + "\r\n\r\n");
          on.sendsZeros(LARGE_ANSWER / 2).waitsForEnd();
        });
    Http2Client client = opens(impatient().app(backend));
    client.begins(1, "POST", "/").sends(data(1, 0, "some"));
    Http2Response response = client.on(1);
    client.receivesUntil("all that the window allows", () -> response.length() == 65_535);
    client.sends(data(1, 1, "more"));
    assertThat(client.receivesReset(1)).isEqualTo(CANCEL);
  }

  @Test
  void aWholeRequestThatTakesTooLongIs504WhenItsBackendDoes() {
    ByteBackend backend = backend(Script.stalls(), Script.answers(OK));
    Http2Client client = opens(proxy().app(backend).wholeRequest(AMPLE));
    client.asks(1).receives(1, 504);
    backend.seesEndOf(0);
    client.asks(3).receives(3, 200);
  }

  @Test
  void aWholeRequestThatTakesTooLongIs408WhenItsClientDoes() {
    ByteBackend backend = backend(Script.stalls(), Script.answers(OK));
    Http2Client client = opens(proxy().app(backend).wholeRequest(AMPLE));
    client.begins(1, "POST", "/");
    for (int beat = 0; beat < 5; beat++) {
      client.sends(data(1, 0, "x".repeat(1000)));
      pauses();
    }
    client.receives(1, 408);
    client.asks(3).receives(3, 200);
  }

  @Test
  void aWholeRequestThatTakesTooLongIsResetWhenItsResponseBegan() {
    ByteBackend backend =
        backend(
            on -> {
              on.receivesRequest();
              on.sends("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
              while (true) {
                on.sends("x");
                pauses();
              }
            },
            Script.answers(OK));
    Http2Client client = opens(proxy().app(backend).wholeRequest(AMPLE));
    client.asks(1).receivesReset(1);
    client.asks(3).receives(3, 200);
  }

  @Test
  void aTarpitHoldsForAsLongAsItsRuleSaysWhateverTheRestOfItsConnectionDoes() {
    RuleConfig slow =
        new RuleConfig(
            "slow",
            new MatchConfig.Path(List.of(StringPattern.ofPath("/slow"))),
            new ActionConfig.Tarpit(AMPLE.multipliedBy(2)));
    ByteBackend backend = backend(Script.answers(OK));
    Http2Client client = opens(proxy().app(backend).wholeRequest(AMPLE).rules(slow));
    long began = System.nanoTime();
    client.asksFor(1, "/slow");
    client.asks(3).receives(3, 200);
    client.receivesEnd();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(AMPLE.plus(SOON));
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
