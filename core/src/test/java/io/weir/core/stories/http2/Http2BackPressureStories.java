package io.weir.core.stories.http2;

import static io.weir.core.testkit.Http2Frame.data;
import static io.weir.core.testkit.Http2Frame.windowUpdate;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.RouteConfig;
import io.weir.core.stories.Memory;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Conversation;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stillness;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Much past a side that pauses: it waits where it came from, not in the proxy's memory. */
class Http2BackPressureStories extends Stories {
  private static final int MUCH = 256 << 20;
  private static final int PIECE = 16_384;
  private static final long MOST_GROWTH = 64L << 20;
  private static final int MOST_ON_THE_WAY = 64 << 20;
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int WIDE = 1 << 30;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  @Test
  @Timeout(120)
  void aDownloadWaitsForTheWindow() throws Exception {
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + MUCH + "\r\n\r\n");
          on.sendsZeros(MUCH).waitsForEnd();
        });
    WeirUnderTest weir = starts(proxy().listensH2c(ProxySetup.WEB).app(backend));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB))).dropsBodies();
    try (Memory memory = Memory.watch()) {
      client.asks(1).receivesUntil("the window's worth", () -> client.on(1).length() == 65_535);
      Conversation sender = backend.connection(0);
      assertThat(Stillness.of(sender::sentCount)).isLessThan(MOST_ON_THE_WAY);
      assertThat(memory.growthWhilePaused()).isLessThan(MOST_GROWTH);
      client.sends(windowUpdate(0, Integer.MAX_VALUE - 65_535));
      for (int given = 65_535; given < MUCH; given += 1 << 20) {
        client.sends(windowUpdate(1, 1 << 20));
        int now = (int) Math.min(given + (1L << 20), MUCH);
        client.receivesUntil("as much as it may", () -> client.on(1).length() == now);
      }
      client.receives(1, 200);
      assertThat(memory.mostDirectGrowth()).isLessThan(MOST_GROWTH);
    }
  }

  @Test
  @Timeout(120)
  void anUploadGetsRoomOnlyAsTheBackendTakesIt() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend backend =
        keeps(
            ByteBackend.withSmallWindow(on -> {
              on.receivesHead();
              on.waitsFor(gate).drops(MUCH).sends(OK).waitsForEnd();
            }));
    WeirUnderTest weir = starts(proxy().listensH2c(ProxySetup.WEB).app(backend).bodySize(MUCH));
    Http2Client client = keeps(Http2Client.open(weir.address(ProxySetup.WEB)));
    client.receivesUntil("the connection's window", () -> client.windowGiven(0) > 0);
    try (Memory memory = Memory.watch()) {
      client.begins(1, "PUT", "/", "content-length", String.valueOf(MUCH));
      int sent = 0;
      while (sent < room(client)) {
        sent += send(client, sent);
        if (!client.isAnswered()) {
          break;
        }
      }
      assertThat(sent).as("sent before the backend read").isLessThan(MOST_ON_THE_WAY);
      assertThat(memory.growthWhilePaused()).isLessThan(MOST_GROWTH);
      gate.countDown();
      while (sent < MUCH) {
        int already = sent;
        client.receivesUntil("room", () -> room(client) > already);
        sent += send(client, sent);
      }
      client.receives(1, 200);
      assertThat(memory.mostDirectGrowth()).isLessThan(MOST_GROWTH);
    }
  }

  @Test
  @Timeout(120)
  void drainLeavesAClientTheTimeToReadItsAnswer() throws Exception {
    String much = "x".repeat(16 << 20); // more than the kernel holds on the way
    WeirUnderTest weir =
        starts(
            proxy()
                .listensH2c(ProxySetup.WEB)
                .route("", "", new RouteConfig.Respond(200, much, "text/plain")));
    var address = weir.address(ProxySetup.WEB);
    Http2Client client = keeps(Http2Client.openWithSmallBuffer(address)).dropsBodies();
    client.sends(Http2Frame.settings(INITIAL_WINDOW_SIZE, WIDE), windowUpdate(0, WIDE)).asks(1);
    client.receivesUntil("a beginning", () -> client.on(1).length() > 0);
    Future<Boolean> drained = CompletableFuture.supplyAsync(() -> weir.drain(PATIENCE));
    ByteBackend.waitsUntil("refused connections", () -> ByteClient.isSentAwayFrom(address));
    TimeUnit.SECONDS.sleep(3); // longer than we wait for the client's end once all is out
    client.receives(1, 200);
    assertThat(client.on(1).length()).isEqualTo(much.length());
    client.close();
    assertThat(drained.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  /** How much may have been sent in all. */
  private static long room(Http2Client client) {
    long ofStream = client.serverSettings().get(4) + client.windowGiven(1);
    return Math.min(ofStream, 65_535 + client.windowGiven(0));
  }

  private static int send(Http2Client client, int sent) {
    int n = (int) Math.min(Math.min(PIECE, MUCH - sent), room(client) - sent);
    boolean last = sent + n == MUCH;
    client.sends(data(1, last ? Http2Frame.END_STREAM : 0, "\0".repeat(n)));
    return n;
  }
}
