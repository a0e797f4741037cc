package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.HttpProtocol;
import io.weir.core.config.RuntimeConfig.TransportChoice;
import io.weir.core.testkit.Arrivals;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Http2Backend;
import io.weir.core.testkit.Http2Talk;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stillness;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Who is to be cut is cut a little later, and may have gone on by then. */
class DueCutStories extends Stories {
  private static final long MEGABYTE = 1L << 20;
  private static final int SHARES = 8;
  private static final int MUCH = 64 << 20;
  private static final int WINDOW = 64 * 1024;

  /** More than a window, so that it stops once more, and more than may wait uncounted. */
  private static final int AHEAD = 100_000;

  private final CompletableFuture<Http2Talk> talk = new CompletableFuture<>();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile int firstStream;

  /** Gives no window for a body; but once the first has got some, it gives that one more. */
  private Http2Backend backend() {
    return keeps(
        Http2Backend.playing(on -> {
          on.begins(Http2Talk.INITIAL_WINDOW_SIZE, 0);
          on.windowUpdate(0, 1 << 30);
          talk.complete(on);
          for (var next = on.next(); next.isPresent(); next = on.next()) {
            takes(on, next.get());
          }
        }));
  }

  private void takes(Http2Talk on, Http2Talk.Frame frame) throws Exception {
    if (frame.type() == Http2Talk.HEADERS) {
      if (asked.get() == 0) {
        firstStream = frame.stream();
      }
      asked.incrementAndGet();
    } else if (frame.type() == Http2Talk.DATA && frame.has(Http2Talk.END_STREAM)) {
      on.answers(frame.stream(), 200, "ok");
    } else if (frame.type() == Http2Talk.DATA && frame.payload().length > 0) {
      on.windowUpdate(frame.stream(), frame.payload().length);
    }
  }

  private static String post(long length) {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n";
  }

  private ByteClient begins(WeirUnderTest weir, String text) {
    int before = asked.get();
    ByteClient client = client(weir).sends(text);
    ByteBackend.waitsUntil("a request at the backend", () -> asked.get() > before);
    return client;
  }

  private static void uploads(ByteClient client) {
    var _ =
        Thread.ofVirtual()
            .start(() -> {
              try {
                client.sendsZeros(MUCH);
              } catch (UncheckedIOException ended) {
                // as the story does
              }
            });
  }

  @Test
  void anUploadThatWentOnSinceIsNotCut() throws Exception {
    Http2Backend backend = backend();
    WeirUnderTest weir =
        starts(
            proxy()
                .transport(TransportChoice.EPOLL)
                .workers(1)
                .bufferMemory(MEGABYTE)
                .bodySize(MUCH)
                .pool(ProxySetup.APP, HttpProtocol.H2C, ProxySetup.hostPort(backend.address()))
                .route("", "", ProxySetup.APP));
    ByteClient first = begins(weir, post(1 + AHEAD) + "x").sendsZeros(AHEAD);
    for (int shares = 2; shares < SHARES; shares += 2) { // for its backend, and behind that
      ByteClient other = begins(weir, post(MUCH));
      uploads(other);
      Stillness.of(other::sentCount);
    }
    ByteClient tooMany = begins(weir, post(MUCH));
    assertThat(weir.figure("weir_http_errors_total", ProxySetup.WEB, "overload")).isZero();

    // Both are there when the loop looks again: the cut is due, and then the first can go on.
    CountDownLatch gate = new CountDownLatch(1);
    weir.log().holdsLoopsUntil(gate);
    client(weir).sends("GET / HTTP/1.1\r\n\r\n");
    weir.log().line(0);
    tooMany.sends("x");
    // The system reports first who has something first.
    ByteBackend.waitsUntil("it is there", () -> Arrivals.at(weir.address("web"), tooMany) > 0);
    talk.join().windowUpdate(firstStream, WINDOW);
    gate.countDown();

    first.receives(200);
    assertThat(weir.figure("weir_http_errors_total", ProxySetup.WEB, "overload")).isZero();
  }
}
