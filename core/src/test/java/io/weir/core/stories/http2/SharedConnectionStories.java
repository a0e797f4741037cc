package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Backend.answers;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Http2Request;
import io.weir.core.testkit.Http2Response;
import io.weir.core.testkit.Http2Talk;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.WeirUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many requests at once to a backend over HTTP/2, which share its connections. */
class SharedConnectionStories extends Http2BackendStories {
  private static final int REFUSED_STREAM = 7;
  private static final int CANCEL = 8;

  /** Together far more than a budget, each far less than a window. */
  private static final int CANCELLED = 40;

  private static final int LATE_FRAMES = 200;
  private static final int INTERNAL_ERROR = 2;

  /** At ten credits each twice as much as there is, and thirty seconds bring: see FloodBudget. */
  private static final int MORE_RESETS_THAN_CREDITS = 1200;

  @Test
  void aHundredRequestsShareOneConnection() throws Exception {
    List<Integer> open = new ArrayList<>();
    Http2Backend backend =
        http2(on -> {
          on.begins();
          while (open.size() < 100) {
            open.add(on.receivesRequest().stream()); // all are there before the first is answered
          }
          for (int stream : open.reversed()) {
            on.answers(stream, 200, "hello");
          }
          on.waitsForEnd();
        });
    WeirUnderTest weir = starts(to(backend));
    everyClient(100, i -> client(weir).sends(GET).receives(200));
    assertThat(backend.connections()).isEqualTo(1);
    weir.eventually("weir_pool_connections_opened_total", 1, ProxySetup.APP);
    weir.eventually("weir_pool_connections", 1, ProxySetup.APP, "idle");
    assertThat(weir.figure("weir_pool_connections", ProxySetup.APP, "active")).isZero();
  }

  @Test
  void thePeersLimitOfStreamsIsKept() throws Exception {
    AtomicInteger most = new AtomicInteger();
    List<Http2Backend.Held> all = new CopyOnWriteArrayList<>();
    Http2Backend backend =
        http2(on -> {
          on.begins(Http2Talk.MAX_CONCURRENT_STREAMS, 3);
          int here = 0;
          for (var next = on.nextRequest(); next.isPresent(); next = on.nextRequest()) {
            most.accumulateAndGet(++here, Math::max);
            all.add(new Http2Backend.Held(on, next.get()));
            if (all.size() == 12) {
              for (Http2Backend.Held one : all) {
                one.on().answers(one.request().stream(), 200, "hello");
              }
            }
          }
        });
    WeirUnderTest weir = starts(to(backend));
    everyClient(12, i -> client(weir).sends(GET).receives(200));
    assertThat(most).hasValue(3);
    assertThat(backend.connections()).isEqualTo(4);
  }

  /** A backend ends the whole connection for a head far above what it said that it takes. */
  @Test
  void aHeadThatTheBackendDoesNotTakeIsItsClientsAlone() throws Exception {
    CountDownLatch refused = new CountDownLatch(1);
    List<byte[]> blocks = new CopyOnWriteArrayList<>();
    Http2Backend backend =
        http2(on -> {
          on.begins(Http2Talk.MAX_HEADER_LIST_SIZE, 4096);
          Http2Talk.Frame first = on.receives(Http2Talk.HEADERS);
          blocks.add(first.payload());
          refused.await();
          on.answers(first.stream(), 200, "held");
          Http2Talk.Frame second = on.receives(Http2Talk.HEADERS);
          blocks.add(second.payload());
          on.answers(second.stream(), 200, "near").waitsForEnd();
        });
    WeirUnderTest weir = starts(to(backend));
    client(weir).sends(withHeader(5000)).receives(431); // before any other, which begins the table
    ByteClient held = client(weir);
    held.sends(GET);
    ByteBackend.waitsUntil("a request", () -> blocks.size() == 1);
    client(weir).sends(withHeader(4096)).receives(431);
    refused.countDown();
    assertThat(held.receives(200).bodyText()).isEqualTo("held");
    assertThat(client(weir).sends(withHeader(3500)).receives(200).bodyText()).isEqualTo("near");
    assertThat(backend.connections()).isEqualTo(1);
    assertThat(blocks.getFirst()[0]).as("the end of the table").isEqualTo((byte) 0x20);
  }

  @Test
  void soAreTrailers() throws Exception {
    Http2Backend backend =
        http2(on -> {
          on.begins(Http2Talk.MAX_HEADER_LIST_SIZE, 4096);
          Http2Backend.answersOn(on, (talk, request) -> talk.answers(request.stream(), 200, "ok"));
        });
    WeirUnderTest weir = starts(to(backend));
    client(weir).sends(withTrailer(5000)).receives(431);
    client(weir).sends(withTrailer(3500)).receives(200);
    assertThat(backend.connections()).isEqualTo(1);
    assertThat(backend.requests().getLast().all("x-much").getFirst()).hasSize(3500);
  }

  @Test
  void soAreThoseOfARequestThatIsSentOnceMore() throws Exception {
    Http2Backend backend =
        http2(
            on -> {
              on.begins();
              Http2Request whole = on.receivesRequest();
              assertThat(whole.all("x-much").getFirst()).hasSize(5000);
              on.resetStream(whole.stream(), REFUSED_STREAM).waitsForEnd();
            },
            on -> {
              on.begins(Http2Talk.MAX_HEADER_LIST_SIZE, 4096);
              int given = on.receivesHead().stream();
              Http2Talk.Frame reset = on.receives(Http2Talk.RST_STREAM);
              assertThat(reset.stream()).isEqualTo(given);
              assertThat(reset.number()).isEqualTo(CANCEL);
              Http2Backend.answersOn(
                  on, (talk, request) -> talk.answers(request.stream(), 200, "ok"));
            });
    WeirUnderTest weir = starts(to(backend));
    client(weir).sends(withTrailer(5000)).receives(431);
    client(weir).sends(withTrailer(3500)).receives(200);
    assertThat(backend.connections()).isEqualTo(2);
    assertThat(weir.log().line(0).outcome()).isEqualTo("head_too_large");
    assertThat(weir.log().line(0).attempts()).isEqualTo(2);
  }

  private static String withTrailer(int bytes) {
    return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n"
        + ("X-Much: " + "x".repeat(bytes) + "\r\n\r\n");
  }

  private static String withHeader(int bytes) {
    return "GET / HTTP/1.1\r\nHost: a\r\nX-Much: " + "x".repeat(bytes) + "\r\n\r\n";
  }

  /** One endpoint that breaks off does not cost the connection, which has other requests. */
  @Test
  void aBackendMayResetAsManyAsItGets() throws Exception {
    Http2Backend backend =
        http2(
            answers((on, request) -> {
              if (request.path().equals("/broken")) {
                on.resetStream(request.stream(), INTERNAL_ERROR);
              } else {
                on.answers(request.stream(), 200, "hello");
              }
            }));
    WeirUnderTest weir = starts(to(backend));
    ByteClient client = client(weir);
    for (int i = 0; i < MORE_RESETS_THAN_CREDITS; i++) {
      client.sends("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n").receives(502);
    }
    client.sends(GET).receives(200);
    assertThat(backend.connections()).isEqualTo(1);
  }

  @Test
  void aSlowClientDoesNotHoldUpTheOthers() throws Exception {
    byte[] much = new byte[240 * 1024];
    Http2Backend backend =
        http2(
            answers((on, request) -> {
              if (request.path().equals("/much")) {
                on.head(request.stream(), false, ":status", "200");
                on.data(request.stream(), much, true);
              } else {
                on.answers(request.stream(), 200, "hello");
              }
            }));
    WeirUnderTest weir = starts(to(backend));
    List<ByteClient> slow = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ByteClient client = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
      slow.add(client.sends("GET /much HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
    for (int i = 0; i < 20; i++) {
      assertThat(client(weir).sends(GET).receives(200).bodyText()).isEqualTo("hello");
    }
    assertThat(backend.connections()).isEqualTo(1);
    for (ByteClient client : slow) {
      assertThat(client.receives(200).body()).hasSize(much.length);
    }
  }

  @Test
  void whatOneClientCancelsIsNoFloodOfTheBackend() {
    Http2Backend backend = http2(goesOnAfterResets(LATE_FRAMES, 100));
    WeirUnderTest weir = starts(to(backend).listensH2c(ProxySetup.WEB));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    int stream = 1;
    for (; stream < 2 * CANCELLED; stream += 2) {
      cancels(client, stream);
    }
    assertThat(client.asks(stream).receives(stream, 200).body()).isEqualTo("hello");
    assertThat(backend.connections()).isEqualTo(1);
  }

  @Test
  void moreThanWasOnItsWayIsAFloodOfTheBackend() {
    Http2Backend backend = http2(goesOnAfterResets(100_000, 100));
    WeirUnderTest weir = starts(to(backend).listensH2c(ProxySetup.WEB));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    cancels(client, 1);
    weir.eventually("weir_pool_connections", 0, ProxySetup.APP); // in use or not
    assertThat(client.asks(3).receives(3, 200).body()).isEqualTo("hello");
    assertThat(backend.connections()).isEqualTo(2);
  }

  private static void cancels(Http2Client client, int stream) {
    Http2Response response = client.asksFor(stream, "/much").on(stream);
    client.receivesUntil("a head", () -> response.status() == 200);
    client.sends(Http2Frame.reset(stream, CANCEL));
  }

  /** Of {@code /much} so many frames leave when it already was reset. */
  private static Http2Backend.Script goesOnAfterResets(int frames, int bytes) {
    return answers((on, request) -> {
      if (request.path().equals("/much")) {
        on.head(request.stream(), false, ":status", "200");
        on.receives(Http2Talk.RST_STREAM);
        for (int i = 0; i < frames; i++) {
          on.data(request.stream(), new byte[bytes], false);
        }
      } else {
        on.answers(request.stream(), 200, "hello");
      }
    });
  }

  @Test
  void anUploadWaitsForTheBackendsWindow() throws Exception {
    CountDownLatch mayGoOn = new CountDownLatch(1);
    AtomicInteger got = new AtomicInteger();
    Http2Backend backend =
        http2(on -> {
          on.begins();
          Http2Request request = on.receivesHead();
          while (got.get() < 65_535) {
            got.addAndGet(on.receives(Http2Talk.DATA).payload().length);
          }
          mayGoOn.await();
          on.windowUpdate(0, 10_000_000).windowUpdate(request.stream(), 10_000_000);
          while (got.get() < 4_000_000) {
            got.addAndGet(on.receives(Http2Talk.DATA).payload().length);
          }
          on.answers(request.stream(), 200, "done");
          on.waitsForEnd();
        });
    WeirUnderTest weir = starts(to(backend));
    ByteClient client = client(weir);
    client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n");
    Thread upload = Thread.ofVirtual().start(() -> client.sendsZeros(4_000_000));
    ByteBackend.waitsUntil("the window to be full", () -> got.get() == 65_535);
    mayGoOn.countDown();
    upload.join();
    assertThat(client.receives(200).bodyText()).isEqualTo("done");
  }
}
