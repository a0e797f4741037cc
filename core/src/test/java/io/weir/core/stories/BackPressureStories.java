package io.weir.core.stories;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.testkit.ByteBackend;
import io.weir.core.testkit.ByteClient;
import io.weir.core.testkit.Conversation;
import io.weir.core.testkit.ProxySetup;
import io.weir.core.testkit.Stillness;
import io.weir.core.testkit.Stories;
import io.weir.core.testkit.WeirUnderTest;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gigabyte past a side that pauses: it waits where it came from, not in the proxy's memory. */
class BackPressureStories extends Stories {
  private static final long GIGABYTE = 1L << 30;
  private static final long MOST_GROWTH = 64L << 20;

  /** What the kernel's buffers on the way may hold, generously. */
  private static final long MOST_ON_THE_WAY = 64L << 20;

  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  @Test
  @Timeout(120)
  void aDownloadWaitsForItsReader() throws Exception {
    ByteBackend backend =
        backend(on -> {
          on.receivesRequest();
          on.sends("HTTP/1.1 200 OK\r\nContent-Length: " + GIGABYTE + "\r\n\r\n");
          on.sendsZeros(GIGABYTE).waitsForEnd();
        });
    WeirUnderTest weir = starts(proxy().app(backend));
    ByteClient client = keeps(ByteClient.connectWithSmallWindow(weir.address(ProxySetup.WEB)));
    try (Memory memory = Memory.watch()) {
      client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n").receivesHead();
      client.receivesAndDrops(1 << 20);
      Conversation sender = backend.connection(0);
      assertThat(Stillness.of(sender::sentCount)).isLessThan(MOST_ON_THE_WAY);
      assertThat(memory.growthWhilePaused()).isLessThan(MOST_GROWTH);
      client.receivesAndDrops(GIGABYTE - (1 << 20));
      assertThat(memory.mostDirectGrowth()).isLessThan(MOST_GROWTH);
    }
  }

  @Test
  @Timeout(120)
  void anUploadWaitsForItsReader() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend backend =
        keeps(
            ByteBackend.withSmallWindow(on -> {
              on.receivesHead();
              on.waitsFor(gate).drops(GIGABYTE).sends(OK).waitsForEnd();
            }));
    WeirUnderTest weir = starts(proxy().app(backend).bodySize(GIGABYTE));
    uploads(weir, gate, "Content-Length: " + GIGABYTE, ByteClient::sendsZeros);
  }

  @Test
  @Timeout(120)
  void aChunkedUploadWaitsForItsReader() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ByteBackend backend =
        keeps(
            ByteBackend.withSmallWindow(on -> {
              on.receivesHead();
              on.waitsFor(gate).drops(GIGABYTE).sends(OK).waitsForEnd();
            }));
    WeirUnderTest weir = starts(proxy().app(backend).bodySize(GIGABYTE));
    uploads(
        weir,
        gate,
        "Transfer-Encoding: chunked",
        (client, count) -> {
          client.sends(Long.toHexString(count) + "\r\n").sendsZeros(count);
          client.sends("\r\n0\r\n\r\n");
        });
  }

  private interface Upload {
    void send(ByteClient client, long count);
  }

  private void uploads(WeirUnderTest weir, CountDownLatch gate, String framing, Upload upload)
      throws Exception {
    ByteClient client = client(weir);
    try (Memory memory = Memory.watch()) {
      client.sends("PUT / HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n");
      Thread sender = Thread.ofVirtual().start(() -> upload.send(client, GIGABYTE));
      assertThat(Stillness.of(client::sentCount)).isLessThan(MOST_ON_THE_WAY);
      assertThat(memory.growthWhilePaused()).isLessThan(MOST_GROWTH);
      gate.countDown();
      sender.join();
      client.receives(200);
      assertThat(memory.mostDirectGrowth()).isLessThan(MOST_GROWTH);
    }
  }
}
