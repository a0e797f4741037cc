package io.weir.core.stories.http2;

import static io.weir.core.testkit.HpackText.bytes;
import static io.weir.core.testkit.HpackText.literals;
import static io.weir.core.testkit.HpackText.together;
import static io.weir.core.testkit.Http2Frame.END_HEADERS;
import static io.weir.core.testkit.Http2Frame.END_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.ListenerConfig;
import io.weir.core.config.RouteConfig;
import io.weir.core.stories.Memory;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that ask for much which is nothing but heads, and do not read: nobody asks for more. */
class UnreadAnswerStories extends Stories {
  /** With what the codec counts beside it, as much as its table takes. */
  private static final int PATH_BYTES = 4_000;

  private static final int REQUESTS = 10_000;
  private static final int BATCH = 500;

  /** What sockets take that nobody reads, and what may wait behind them: far below all answers. */
  private static final long MOST_ANSWERED = 4_000;

  private static final long MOST_GROWTH = 16L << 20;
  private static final Duration LATE = Duration.ofSeconds(60);

  private static final int WIDE = 1 << 30;
  private static final int INITIAL_WINDOW_SIZE = 4;

  @Test
  @Timeout(120)
  void smallRequestsWithLargeHeadsForAnswersWait() throws Exception {
    WeirUnderTest weir = starts(redirects());
    Http2Client client = keeps(Http2Client.openWithSmallBuffer(weir.address(ProxySetup.WEB)));
    isHeldBackUntilItReads(weir, client);
  }

  @Test
  @Timeout(120)
  void theSameOverTls(@TempDir Path folder) throws Exception {
    WeirUnderTest weir =
        starts(
            proxy()
                .clientTimeouts(LATE, LATE, LATE)
                .certificate("a", Openssl.selfSigned(folder, "a.test"))
                .listensTls(ProxySetup.WEB, "a")
                .route("", "", new RouteConfig.Redirect("https://b.test{path}", 308)));
    Http2Client client = keeps(Http2Client.openTls(weir.address(ProxySetup.WEB), "a.test"));
    isHeldBackUntilItReads(weir, client);
  }

  private static void isHeldBackUntilItReads(WeirUnderTest weir, Http2Client client)
      throws Exception {
    try (Memory memory = Memory.watch()) {
      Thread asking = Thread.ofPlatform().start(() -> asks(client));
      long answered = answeredWhileNobodyReads(weir);
      assertThat(answered).as("answers while nobody reads").isLessThan(MOST_ANSWERED);
      assertThat(memory.mostDirectGrowth()).as("buffers").isLessThan(MOST_GROWTH);
      for (int i = 0; i < REQUESTS; i++) {
        client.receives(1 + 2 * i, 308);
      }
      asking.join();
    }
    assertThat(client.isAnswered()).as("alive; %s", client.why()).isTrue();
  }

  private static ProxySetup redirects() {
    ListenerConfig plain = proxy().listensH2c(ProxySetup.WEB).config().listeners().get("web");
    return proxy()
        .clientTimeouts(LATE, LATE, LATE)
        .listens(
            ProxySetup.WEB,
            new ListenerConfig(
                plain.bind(),
                new ListenerConfig.RedirectToHttps(),
                plain.protocols(),
                false,
                null));
  }

  /** HEAD requests, whose path is an index from the second one on. */
  private static void asks(Http2Client client) {
    byte[] path = string("/" + "p".repeat(PATH_BYTES - 1));
    byte[] rest = together(literals(":method", "HEAD", ":authority", "a"), bytes(0x86));
    byte[] first = together(rest, bytes(0x44), path);
    byte[] again = together(rest, bytes(0xbe));
    for (int i = 0; i < REQUESTS; i += BATCH) {
      ByteArrayOutputStream batch = new ByteArrayOutputStream();
      for (int n = i; n < i + BATCH; n++) {
        byte[] block = n == 0 ? first : again;
        batch.writeBytes(Http2Frame.headers(1 + 2 * n, END_HEADERS | END_STREAM, block).bytes());
      }
      client.sends(batch.toByteArray());
    }
  }

  private static byte[] string(String text) {
    byte[] withName = literals(text);
    return Arrays.copyOfRange(withName, 1, withName.length);
  }

  /** How many are answered when no more are: that nothing comes can only be seen by waiting. */
  private static long answeredWhileNobodyReads(WeirUnderTest weir) throws InterruptedException {
    long before = -1;
    long now = 0;
    while (now != before || now == 0) {
      Thread.sleep(500);
      before = now;
      now = weir.log().lines().size();
    }
    return now;
  }

  @Test
  @Timeout(120)
  void whoseSocketIsFullOfBodiesIsReadAllTheSame() throws Exception {
    // The window is no limit, so the bodies fill the socket; PINGs beside them are answered behind.
    String much = "m".repeat(1 << 20);
    WeirUnderTest weir =
        starts(
            proxy()
                .listensH2c(ProxySetup.WEB)
                .route("", "/much", new RouteConfig.Respond(200, much, "text/plain"))
                .route("", "", new RouteConfig.Respond(204, "", null)));
    Http2Client client = keeps(Http2Client.openWithSmallBuffer(weir.address(ProxySetup.WEB)));
    client.dropsBodies();
    client.sends(Http2Frame.settings(INITIAL_WINDOW_SIZE, WIDE), Http2Frame.windowUpdate(0, WIDE));
    int stream = 1;
    for (; stream < 2 * 60; stream += 2) {
      client.asksFor(stream, "/much");
    }
    eventuallyAnswered(weir, 60);
    for (; stream < 2 * 120; stream += 2) {
      client.asks(stream);
    }
    eventuallyAnswered(weir, 120);
    assertThat(client.isAnswered()).isTrue();
    for (int i = 1; i < stream; i += 2) {
      client.receives(i, i < 2 * 60 ? 200 : 204);
    }
  }

  private static void eventuallyAnswered(WeirUnderTest weir, long count) {
    ByteBackend.waitsUntil(count + " answers", () -> weir.log().lines().size() >= count);
  }
}
