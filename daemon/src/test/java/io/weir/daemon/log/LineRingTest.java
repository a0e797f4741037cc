package io.weir.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LineRingTest {
  private final LineRing ring = new LineRing(64);
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final WritableByteChannel out = Channels.newChannel(written);

  private boolean offer(String line) {
    byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
    return ring.offer(bytes, bytes.length);
  }

  private String drained() throws IOException {
    ring.drain(out);
    String text = written.toString(StandardCharsets.US_ASCII);
    written.reset();
    return text;
  }

  @Test
  void linesComeOutAsTheyWentInAlsoAroundTheEnd() throws IOException {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder expected = new StringBuilder();
    StringBuilder actual = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      String line = i + "x".repeat(random.nextInt(30)) + "\n";
      if (offer(line)) {
        expected.append(line);
      }
      if (random.nextInt(3) == 0) {
        actual.append(drained());
      }
    }
    actual.append(drained());
    assertThat(actual.toString()).as("seed %d", seed).isEqualTo(expected.toString());
  }

  @Test
  void aLineThatFindsNoRoomIsRefusedWholeAndTheOthersStay() throws IOException {
    assertThat(offer("a".repeat(39) + "\n")).isTrue();
    assertThat(offer("b".repeat(29) + "\n")).isFalse();
    assertThat(offer("c".repeat(23) + "\n")).isTrue();
    assertThat(drained()).isEqualTo("a".repeat(39) + "\n" + "c".repeat(23) + "\n");
    assertThat(offer("b".repeat(29) + "\n")).isTrue();
  }

  @Test
  void itTellsWhenItIsHalfFull() throws IOException {
    offer("a".repeat(31) + "\n");
    assertThat(ring.isFilling()).isFalse();
    offer("b\n");
    assertThat(ring.isFilling()).isTrue();
    drained();
    assertThat(ring.isFilling()).isFalse();
  }

  @Test
  void whatCannotBeWrittenStaysUntilItIsDiscardedAndCounted() {
    offer("one\n");
    offer("two\n");
    WritableByteChannel full =
        new WritableByteChannel() {
          @Override
          public int write(ByteBuffer source) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    assertThatThrownBy(() -> ring.drain(full)).hasMessage("No space left on device");
    assertThat(ring.isEmpty()).isFalse();
    ring.discard();
    assertThat(ring.isEmpty()).isTrue();
    assertThat(ring.lost()).isEqualTo(2);
  }

  @Test
  void aWriterAndAWorkerNeverSeeHalfALine() throws Exception {
    LineRing shared = new LineRing(256);
    AtomicBoolean done = new AtomicBoolean();
    int[] taken = {0};
    Thread worker =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < 200_000; i++) {
                byte[] line = ("line " + i + "\n").getBytes(StandardCharsets.US_ASCII);
                if (shared.offer(line, line.length)) {
                  taken[0]++;
                }
              }
              done.set(true);
            });
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    WritableByteChannel channel = Channels.newChannel(all);
    while (!done.get() || !shared.isEmpty()) {
      shared.drain(channel);
    }
    worker.join();
    String[] lines = all.toString(StandardCharsets.US_ASCII).split("\n", -1);
    assertThat(lines).hasSize(taken[0] + 1).endsWith("");
    int last = -1;
    for (int i = 0; i < taken[0]; i++) {
      assertThat(lines[i]).matches("line [0-9]+");
      int number = Integer.parseInt(lines[i].substring(5));
      assertThat(number).isGreaterThan(last);
      last = number;
    }
  }
}
