package io.weir.core.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.weir.core.http2.FuzzedBackend.Manner;
import io.weir.core.worker.StandingWorker;
import io.weir.core.worker.Worker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Whole connections of HTTP/2, whatever their bytes: nothing is thrown past their handler, every
 * request ends once, what is sent is in order, and when a connection is gone so is all that it
 * held.
 */
class Http2ConnectionFuzzTest {
  private static final Worker LOOP = StandingWorker.create();
  private static final Http2Worker WORKER = new Http2Worker(LOOP);
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);

  @TestFactory
  Stream<DynamicTest> everyKnownInput() throws IOException {
    return Files.list(Path.of("src/test/fuzz/Http2Connection"))
        .sorted()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(), () -> fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  /**
   * The first byte says how requests are answered, if preface and SETTINGS come before the rest,
   * and in how large pieces it comes; the rest is what the client sends.
   */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int piece = (input[0] & 8) == 0 ? Integer.MAX_VALUE : 1 + (input[0] >> 4 & 15);
    UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(false, false, true);
    FuzzedBackend backend = new FuzzedBackend(Manner.values()[input[0] & 3]);
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAllocator(memory);
    channel.pipeline().addLast(new Http2Downstream(WORKER, backend));
    SentFrames sent = SentFrames.ofServer();
    if ((input[0] & 4) == 0) {
      sends(channel, sent, PREFACE, 0, PREFACE.length);
    }
    for (int at = 1; at < input.length && channel.isOpen(); ) {
      int length = Math.min(piece, input.length - at);
      sends(channel, sent, input, at, length);
      at += length;
    }
    assertThat(channel.isOpen()).as("errors are told; to end without a word is for bugs").isTrue();
    channel.close();
    settles(channel, sent);
    channel.checkException();
    assertThat(backend.open()).as("requests without an end").isZero();
    assertThat(LOOP.headMemory().held()).as("heads that are still held").isZero();
    assertThat(memory.metric().usedDirectMemory() + memory.metric().usedHeapMemory())
        .as("bytes that are still held")
        .isZero();
  }

  private static void sends(
      EmbeddedChannel channel, SentFrames sent, byte[] bytes, int at, int length) {
    ByteBuf message = channel.alloc().buffer(length).writeBytes(bytes, at, length);
    channel.writeInbound(message);
    settles(channel, sent);
  }

  /** What was put off is done, and what was written has gone. */
  private static void settles(EmbeddedChannel channel, SentFrames sent) {
    channel.runPendingTasks();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      sent.add(out);
      out.release();
    }
  }
}
