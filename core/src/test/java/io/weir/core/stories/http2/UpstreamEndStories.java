package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Backend.answers;
import static io.weir.core.testkit.Http2Backend.answersOn;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HttpProtocol;
import io.weir.core.config.KeepAliveConfig;
import io.weir.core.config.PoolConfig;
import io.weir.core.config.PoolConfig.BalanceConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Request;
import io.weir.core.testkit.Http2Talk;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Response;
import io.weir.core.testkit.WeirUnderTest;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * How connections and streams to backends over HTTP/2 end, and what their requests notice of it.
 */
class UpstreamEndStories extends Http2BackendStories {
  /** How long a backend may be silent, and longer than any of its threads is held up. */
  private static final Duration BRIEF = Duration.ofSeconds(2);

  private static final Duration LATE = Duration.ofSeconds(60);
  private static final int NO_ERROR = 0;
  private static final int REFUSED_STREAM = 7;
  private static final int CANCEL = 8;

  /** At two for each connection far more connections than attempts, on however many workers. */
  private static final int AT_ONCE = 60;

  private static final int REFUSED = 20;

  /** Connections whose GOAWAY may pass one request over without counting as an attempt. */
  private static final int MOST_PASSED_OVER = 128;

  private static final int MOST_ATTEMPTS = 4;

  @Test
  void goAwayUnderLoadLosesNothing() throws Exception {
    Http2Backend.Script tenEach =
        on -> {
          on.begins();
          int answered = 0;
          for (var next = on.nextRequest(); next.isPresent(); next = on.nextRequest()) {
            if (++answered < 10) {
              on.answers(next.get().stream(), 200, next.get().text());
            } else if (answered == 10) {
              on.goAway(next.get().stream(), NO_ERROR); // what comes behind it is not looked at
              on.answers(next.get().stream(), 200, next.get().text());
            }
          }
        };
    Http2Backend backend = http2(tenEach);
    WeirUnderTest weir = starts(to(backend));
    everyClient(
        20,
        i -> {
          ByteClient client = client(weir);
          for (int n = 0; n < 20; n++) {
            String body = "client " + i + " request " + n;
            client.sends(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(body.length(), body));
            assertThat(client.receives(200).bodyText()).isEqualTo(body);
          }
        });
    assertThat(backend.connections()).isGreaterThanOrEqualTo(40);
    assertThat(weir.figure("weir_pool_failures_total", ProxySetup.APP)).isZero();
  }

  @Test
  void aRefusedStreamIsSentOnceMore() {
    Http2Backend backend =
        http2(
            on -> {
              on.begins();
              Http2Request request = on.receivesRequest();
              on.resetStream(request.stream(), REFUSED_STREAM);
              on.waitsForEnd();
            },
            answers((on, request) -> on.answers(request.stream(), 200, request.text())));
    WeirUnderTest weir = starts(to(backend));
    Response response =
        client(weir)
            .sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")
            .receives(200);
    assertThat(response.bodyText()).isEqualTo("body");
    weir.eventually("weir_pool_retries_total", 1, ProxySetup.APP, "ok");
  }

  @Test
  void aBackendThatRefusesAllIsNotAskedForEver() {
    Http2Backend backend =
        http2(answers((on, request) -> on.resetStream(request.stream(), REFUSED_STREAM)));
    WeirUnderTest weir = starts(to(backend));
    client(weir).sends(GET).receives(503);
    assertThat(backend.requests()).hasSize(4);
    assertThat(weir.log().line(0).outcome()).isEqualTo("upstream_refused");
    weir.eventually("weir_pool_failures_total", 1, ProxySetup.APP, "refused");
    weir.eventually("weir_pool_failures_total", 1, ProxySetup.APP);
  }

  @Test
  void neitherIsOneThatLetsEveryConnectionGo() {
    Http2Backend backend = http2(answers((on, request) -> on.goAway(0, NO_ERROR)));
    client(starts(to(backend))).sends(GET).receives(503);
    assertThat(backend.connections()).isEqualTo(4);
  }

  /** The first on each connection is passed over no more than the others. */
  @Test
  void norIsOneThatClaimsToTakeTheFirst() throws Exception {
    CountDownLatch allWait = new CountDownLatch(1);
    Http2Backend backend =
        http2(on -> {
          allWait.await();
          on.begins();
          int first = on.receivesRequest().stream();
          on.goAway(first, NO_ERROR).resetStream(first, REFUSED_STREAM).waitsForEnd();
        });
    WeirUnderTest weir = starts(to(backend));
    everyClient(
        REFUSED,
        i -> {
          ByteClient client = client(weir).sends(GET);
          if (i == 0) {
            weir.eventually("weir_http_requests_in_flight", REFUSED);
            allWait.countDown();
          }
          client.receives(503);
        });
    assertThat(backend.connections()).isLessThanOrEqualTo(4 * REFUSED);
  }

  /** It says that it took another before, which there never was: nobody's turn ever comes. */
  @Test
  void norIsOneThatPassesEverybodyOver() {
    Http2Backend backend =
        http2(on -> {
          on.begins();
          int behind = on.receivesRequest().stream();
          on.goAway(behind - 2, NO_ERROR).waitsForEnd();
        });
    WeirUnderTest weir = starts(to(backend));
    client(weir).sends(GET).receives(503);
    assertThat(backend.connections()).isEqualTo(MOST_PASSED_OVER + MOST_ATTEMPTS);
    assertThat(weir.log().line(0).outcome()).isEqualTo("upstream_refused");
    weir.eventually("weir_pool_failures_total", 1, ProxySetup.APP);
  }

  /** As nginx does with a low {@code keepalive_requests}. */
  @Test
  void aBackendThatTakesFewFromEachConnectionLosesNone() throws Exception {
    CountDownLatch allWait = new CountDownLatch(1);
    Http2Backend backend =
        http2(on -> {
          allWait.await();
          on.begins();
          int taken = 0;
          for (var next = on.nextRequest(); next.isPresent(); next = on.nextRequest()) {
            if (++taken == 2) {
              on.goAway(next.get().stream(), NO_ERROR);
            }
            if (taken <= 2) {
              on.answers(next.get().stream(), 200, next.get().text());
            }
          }
        });
    WeirUnderTest weir = starts(to(backend));
    everyClient(
        AT_ONCE,
        i -> {
          ByteClient client = client(weir);
          String body = "request %02d".formatted(i);
          client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n" + body);
          if (i == 0) {
            weir.eventually("weir_http_requests_in_flight", AT_ONCE);
            allWait.countDown();
          }
          assertThat(client.receives(200).bodyText()).isEqualTo(body);
        });
    assertThat(weir.figure("weir_pool_failures_total", ProxySetup.APP)).isZero();
  }

  @Test
  void aDeadConnectionFailsEachOfItsRequestsOnce() throws Exception {
    Http2Backend backend =
        http2(on -> {
          on.begins();
          for (int i = 0; i < 5; i++) {
            int stream = on.receivesRequest().stream();
            on.head(stream, false, ":status", "200");
          }
          on.data(1, "x".getBytes(), false);
        });
    WeirUnderTest weir = starts(to(backend));
    everyClient(
        5,
        i -> {
          ByteClient client = client(weir).sends(GET);
          assertThat(client.bodyBreaksOff(client.receivesHead())).isTrue();
        });
    weir.eventually("weir_pool_failures_total", 5, ProxySetup.APP, "reset");
    weir.eventually("weir_pool_connections", 0, ProxySetup.APP);
  }

  @Test
  void aClientThatLeavesCancelsItsStreamAlone() {
    CountDownLatch cancelled = new CountDownLatch(1);
    Http2Backend backend =
        http2(on -> {
          on.begins();
          int left = on.receivesRequest().stream();
          Http2Talk.Frame reset = on.receives(Http2Talk.RST_STREAM);
          assertThat(reset.stream()).isEqualTo(left);
          assertThat(reset.number()).isEqualTo(CANCEL);
          cancelled.countDown();
          answersOn(on, (talk, request) -> talk.answers(request.stream(), 200, "hello"));
        });
    WeirUnderTest weir = starts(to(backend));
    ByteClient leaves = client(weir).sends(GET);
    ByteBackend.waitsUntil("a request", () -> backend.requests().size() == 1);
    leaves.close();
    ByteBackend.waitsUntil("a cancel", () -> cancelled.getCount() == 0);
    client(weir).sends(GET).receives(200);
    assertThat(backend.connections()).isEqualTo(1);
  }

  @Test
  void aLateAnswerEndsItsStreamAndNotTheConnection() {
    Http2Backend backend =
        http2(
            answers((on, request) -> {
              if (!request.path().equals("/never")) {
                on.answers(request.stream(), 200, "hello");
              }
            }));
    WeirUnderTest weir = starts(to(backend).backendTimeouts(LATE, BRIEF));
    client(weir).sends("GET /never HTTP/1.1\r\nHost: a\r\n\r\n").receives(504);
    weir.eventually("weir_pool_connections", 1, ProxySetup.APP, "idle"); // the PING came back
    client(weir).sends(GET).receives(200);
    assertThat(backend.connections()).isEqualTo(1);
    weir.eventually("weir_pool_failures_total", 1, ProxySetup.APP, "timeout");
  }

  @Test
  void aConnectionThatIsSilentIsGivenUp() {
    Http2Backend backend =
        http2(
            on -> {
              on.begins();
              on.receivesRequest();
              new CountDownLatch(1).await(); // reads nothing any more
            },
            saysHello());
    WeirUnderTest weir = starts(to(backend).backendTimeouts(BRIEF, BRIEF));
    client(weir).sends(GET).receives(504);
    client(weir).sends(GET).receives(200);
    weir.eventually("weir_pool_connections", 1, ProxySetup.APP);
    assertThat(backend.connections()).isEqualTo(2);
  }

  @Test
  void anAnswerBeforeTheEndOfTheUploadStopsTheUpload() {
    Http2Backend backend =
        http2(on -> {
          on.begins();
          Http2Request request = on.receivesHead();
          on.answers(request.stream(), 413, "too much");
          assertThat(on.receives(Http2Talk.RST_STREAM).stream()).isEqualTo(request.stream());
          answersOn(on, (talk, next) -> talk.answers(next.stream(), 200, "hello"));
        });
    WeirUnderTest weir = starts(to(backend));
    ByteClient client = client(weir);
    client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nx").receives(413);
    client(weir).sends(GET).receives(200);
    assertThat(backend.connections()).isEqualTo(1);
  }

  @Test
  void anIdleConnectionIsClosedWithAWord() {
    CountDownLatch left = new CountDownLatch(1);
    Http2Backend backend =
        http2(on -> {
          on.begins();
          on.answers(on.receivesRequest().stream(), 200, "hello");
          assertThat(on.receives(Http2Talk.GOAWAY).number()).isZero();
          left.countDown();
        });
    PoolConfig shortly =
        new PoolConfig(
            BalanceConfig.ROUND_ROBIN,
            Http2Pools.backends(backend.address()),
            null,
            new KeepAliveConfig(Duration.ofMillis(200), 32),
            HttpProtocol.H2C,
            null,
            null);
    WeirUnderTest weir =
        starts(proxy().pool(ProxySetup.APP, shortly).route("", "", ProxySetup.APP));
    client(weir).sends(GET).receives(200);
    ByteBackend.waitsUntil("a GOAWAY", () -> left.getCount() == 0);
    weir.eventually("weir_pool_connections", 0, ProxySetup.APP);
  }

  /** Beyond the window that each stream begins with. */
  private static final int MORE = 20_000;

  private static final int WINDOW = 65_535;

  @Test
  void aBackendThatGivesNoRoomForTheRestOfABodyIsA504() {
    CountDownLatch never = new CountDownLatch(1);
    Http2Backend backend =
        http2(on -> {
          on.begins();
          on.receivesHead();
          never.await();
        });
    WeirUnderTest weir = starts(to(backend).backendTimeouts(BRIEF, BRIEF));
    ByteClient client = client(weir).sends(put(2 * WINDOW));
    client.sends("x".repeat(2 * WINDOW - 1)).receives(504);
    assertThat(weir.log().line(0).outcome()).isEqualTo("upstream_timeout");
    weir.eventually("weir_pool_failures_total", 1, ProxySetup.APP);
    never.countDown();
  }

  @Test
  void aBackendThatGivesALittleRoomNowAndThenHasItsTime() {
    Http2Backend backend =
        http2(on -> {
          on.begins();
          Http2Request head = on.receivesHead();
          for (int given = 0; given < MORE; given += MORE / 20) {
            on.windowUpdate(head.stream(), MORE / 20);
            TimeUnit.MILLISECONDS.sleep(200); // the backend's pace
          }
          on.answers(head.stream(), 200, "taken");
          on.waitsForEnd();
        });
    WeirUnderTest weir = starts(to(backend).backendTimeouts(BRIEF, BRIEF));
    ByteClient client = client(weir).sends(put(2 * WINDOW));
    client.sends("x".repeat(2 * WINDOW - 1)).receives(200);
  }

  private static String put(int bytes) {
    return "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + bytes + "\r\n\r\n";
  }
}
