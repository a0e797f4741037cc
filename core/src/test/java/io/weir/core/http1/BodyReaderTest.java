package io.weir.core.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.core.http.BodyLength;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {
  private final BodyReader reader = new BodyReader(1024, 10);

  @Test
  void countedBodyEndsAtItsCount() {
    ByteBuf in = bytes("helloNEXT");
    reader.begin(5);
    assertThat(drain(in)).isEqualTo("hello");
    assertThat(reader.isEnded()).isTrue();
    assertThat(in.toString(ISO_8859_1)).isEqualTo("NEXT");
  }

  @Test
  void chunksInAnyPiecesWithExtensionsAndTrailers() {
    String wire = "5;a=b\r\nhello\r\n00a ; q=\"x;\\\"y\"\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\nNEXT";
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 500; round++) {
      reader.begin(BodyLength.CHUNKED);
      StringBuilder got = new StringBuilder();
      StringBuilder behind = new StringBuilder();
      for (int from = 0; from < wire.length(); ) {
        int to = Math.min(wire.length(), from + 1 + random.nextInt(6));
        ByteBuf in = bytes(wire.substring(from, to));
        got.append(drain(in));
        behind.append(in.toString(ISO_8859_1));
        from = to;
      }
      assertThat(got.toString()).as("seed %d", seed).isEqualTo("hello0123456789");
      assertThat(reader.isEnded()).as("seed %d", seed).isTrue();
      assertThat(reader.trailers().text(0)).isEqualTo("1");
      assertThat(behind.toString()).as("seed %d", seed).isEqualTo("NEXT");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x5\r\nhello\r\n",
        "+5\r\nhello\r\n",
        "-5\r\nhello\r\n",
        " 5\r\nhello\r\n",
        "5 \r\nhello\r\n",
        "\r\n5\r\nhello\r\n",
        "5\nhello\r\n",
        "5\r\nhello\n0\r\n\r\n",
        "5\r\nhelloX\r\n",
        "5;a\nhello\r\n",
        "5;a=\"\n\"\r\nhello\r\n",
        "5;a\rb\r\nhello\r\n",
        "g\r\n",
        "10000000000000000\r\n",
        "00000000000000005\r\nhello\r\n",
        "0\r\nX : 1\r\n\r\n",
        "0\r\nX: 1\r\n folded\r\n\r\n",
        "0\r\nX\r\n\r\n",
        "0\nX: 1\r\n\r\n",
      })
  void malformedChunksAreRefused(String wire) {
    reader.begin(BodyLength.CHUNKED);
    drain(bytes(wire));
    assertThat(reader.isMalformed()).as(wire).isTrue();
  }

  @Test
  void anExtensionWithoutEndIsRefused() {
    reader.begin(BodyLength.CHUNKED);
    drain(bytes("5;" + "a".repeat(1000)));
    assertThat(reader.isMalformed()).isTrue();
  }

  /** Random damage never throws, never loops, never leaks, and never yields more than was there. */
  @Test
  void damageIsSurvived() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    String good = "5\r\nhello\r\na;x=1\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n";
    for (int round = 0; round < 100_000; round++) {
      StringBuilder damaged = new StringBuilder(good);
      damaged.setCharAt(random.nextInt(good.length()), (char) random.nextInt(256));
      reader.begin(BodyLength.CHUNKED);
      ByteBuf in = bytes(damaged.toString());
      String got = drain(in);
      assertThat(got.length()).as("seed %d: %s", seed, damaged).isLessThanOrEqualTo(good.length());
      assertThat(in.release()).as("seed %d: %s", seed, damaged).isTrue();
    }
  }

  private String drain(ByteBuf in) {
    StringBuilder got = new StringBuilder();
    for (ByteBuf piece = reader.next(in); piece != null; piece = reader.next(in)) {
      got.append(piece.toString(ISO_8859_1));
      piece.release();
    }
    return got.toString();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }
}
