package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.config.RouteConfig;
import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Openssl;
import io.weir.core.testkit.Openssl.CertificateFiles;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Request;
import io.weir.core.testkit.Script;
import io.weir.core.testkit.Stillness;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.TlsOffer;
import io.weir.core.testkit.WeirUnderTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send one request behind another and leave the answers unread. */
@Timeout(120)
class PipelineStories extends Stories {
  private static final Duration LATE = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofMillis(400);
  private static final Duration SLOW = Duration.ofSeconds(3);

  /** An answer and what a socket holds, generously; much less than all the answers. */
  private static final long MOST_GROWTH = 16L << 20;

  private static final String SMALL = "s".repeat(4 << 10);
  private static final int MANY = 5_000;
  private static final String LARGE = "l".repeat(1 << 20);
  private static final int SOME = 100;

  private static ProxySetup answering(String body) {
    return proxy().route("", "", new RouteConfig.Respond(200, body, "text/plain"));
  }

  private static String ask(int number) {
    return "GET /" + number + " HTTP/1.1\r\nHost: a\r\n\r\n";
  }

  private static String asks(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(ask(i));
    }
    return text.toString();
  }

  private ByteClient slowReader(WeirUnderTest weir) {
    return keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
  }

  /** All are answered in the end, and meanwhile no more than fits on the way. */
  private void asksAllAndThenReads(WeirUnderTest weir, ByteClient client, int count, int size)
      throws Exception {
    try (Memory memory = Memory.watch()) {
      Thread sender = Thread.ofVirtual().start(() -> client.sends(asks(count)));
      int answered = settled(weir);
      assertThat(answered).isLessThan(count);
      assertThat(memory.mostDirectGrowth()).isLessThan(MOST_GROWTH);
      for (int i = 0; i < count; i++) {
        assertThat(client.receives(200).bodyText()).hasSize(size);
      }
      sender.join();
      assertThat(memory.mostDirectGrowth()).isLessThan(MOST_GROWTH);
    }
    weir.log().line(count - 1);
    for (int i = 0; i < count; i++) {
      assertThat(weir.log().line(i).target()).isEqualTo("/" + i);
    }
    client.sends(ask(count)).receives(200); // it is as good as any other
  }

  /** How many were answered when no more are. */
  private static int settled(WeirUnderTest weir) throws InterruptedException {
    weir.log().line(0);
    return (int) Stillness.of(() -> 100_001L + weir.log().lines().size()) - 100_001;
  }

  @Test
  void smallAnswersWaitForTheirReader() throws Exception {
    WeirUnderTest weir = starts(answering(SMALL));
    asksAllAndThenReads(weir, slowReader(weir), MANY, SMALL.length());
  }

  @Test
  void largeAnswersWaitForTheirReader() throws Exception {
    WeirUnderTest weir = starts(answering(LARGE));
    asksAllAndThenReads(weir, slowReader(weir), SOME, LARGE.length());
  }

  @Test
  void soDoTheyWithinTls(@TempDir Path folder) throws Exception {
    CertificateFiles files = Openssl.selfSigned(folder, "one.test");
    WeirUnderTest weir =
        starts(answering(LARGE).certificate("one", files).listensTls(ProxySetup.WEB, "one"));
    ByteClient client =
        keeps(ByteClient.connectTls(weir.address(ProxySetup.WEB), TlsOffer.named("one.test")));
    asksAllAndThenReads(weir, client, SOME, LARGE.length());
  }

  @Test
  void soDoesWhatABackendAnswers() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + SMALL.length() + "\r\n\r\n" + SMALL;
    ByteBackend backend = backend(Script.answers(answer));
    WeirUnderTest weir = starts(proxy().app(backend));
    asksAllAndThenReads(weir, slowReader(weir), MANY, SMALL.length());
    assertThat(backend.requests()).extracting(Request::target).startsWith("/0", "/1");
  }

  @Test
  void aLargePageIsInMemoryOnceForAllWhoDoNotReadIt() throws Exception {
    String page = "p".repeat(16 << 20);
    WeirUnderTest weir = starts(answering(page));
    int count = 20;
    List<ByteClient> readers = new ArrayList<>();
    try (Memory memory = Memory.watch()) {
      for (int i = 0; i < count; i++) {
        ByteClient reader = slowReader(weir);
        reader.sends(ask(i) + ask(i)).receivesHead();
        readers.add(reader);
      }
      assertThat(memory.mostDirectGrowth()).isLessThan(MOST_GROWTH);
    }
    for (ByteClient reader : List.of(readers.getFirst(), readers.getLast())) {
      reader.receivesAndDrops(page.length());
      assertThat(reader.receives(200).bodyText()).isEqualTo(page);
    }
    readers.forEach(ByteClient::close);
    weir.eventually("weir_connections", 0, ProxySetup.WEB);
  }

  @Test
  void requestsThatCannotBeginStayWithTheClient() throws Exception {
    WeirUnderTest weir = starts(answering(LARGE));
    ByteClient client = slowReader(weir);
    long much = 256L << 20;
    Thread sender =
        Thread.ofVirtual()
            .start(() -> {
              String batch = asks(MANY);
              for (long left = much; left > 0; left -= batch.length()) {
                client.sendsWhatIsTaken(batch);
              }
            });
    try (Memory memory = Memory.watch()) {
      settled(weir);
      assertThat(memory.mostDirectGrowth()).isLessThan(MOST_GROWTH);
    }
    client.resets();
    sender.join();
    weir.eventually("weir_connections", 0, ProxySetup.WEB);
  }

  @Test
  void whoReadsNothingIsCutOff() throws Exception {
    WeirUnderTest weir = starts(answering(SMALL).clientTimeouts(LATE, LATE, SOON));
    ByteClient client = slowReader(weir);
    Thread sender = Thread.ofVirtual().start(() -> client.sendsWhatIsTaken(asks(MANY)));
    weir.log().line(0);
    weir.eventually("weir_connections", 0, ProxySetup.WEB);
    sender.join();
    assertThat(weir.log().lines()).hasSizeLessThan(MANY);
  }

  @Test
  void whoReadsNothingIsCutOffAlsoWhileItsUploadIsHeldBack() throws Exception {
    int size = 64 << 20;
    ByteBackend backend =
        keeps(
            ByteBackend.withSmallWindow(on -> {
              on.receivesHead();
              on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n").sendsZeros(size);
            }));
    WeirUnderTest weir =
        starts(proxy().app(backend).bodySize(size).clientTimeouts(LATE, LATE, SLOW));
    ByteClient client = slowReader(weir);
    client.sends("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
    client.receivesHead();
    Stillness.of(backend.connection(0)::sentCount); // now it waits for the reader
    client.sendsWhatIsTaken("x".repeat(size / 2)); // until it waits for the backend, too
    weir.eventually("weir_connections", 0, ProxySetup.WEB);
    assertThat(weir.log().line(0).outcome()).isNotEqualTo("upstream_timeout");
  }
}
