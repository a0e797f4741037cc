package io.weir.core.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.core.http.Failure;
import io.weir.core.http.FieldName;
import io.weir.core.http1.HeadReader.Progress;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RequestHeadReaderTest {
  private static final String HEAD =
      "GET /a?b=c HTTP/1.1\r\nHost: foobar.com\r\nX-Empty:\r\nx-Odd:\t v a l \t\r\n"
          + "Connection: close, X-Odd\r\n\r\n";

  private final RequestHeadReader reader = new RequestHeadReader();

  @Test
  void readsLineAndFieldsAndLeavesWhatFollows() {
    ByteBuf in = bytes(HEAD + "rest");

    assertThat(read(in)).isEqualTo(Progress.DONE);

    assertThat(reader.head().method()).isEqualTo("GET");
    assertThat(reader.head().target()).isEqualTo("/a?b=c");
    assertThat(reader.head().minorVersion()).isEqualTo(1);
    assertThat(reader.head().fields().count()).isEqualTo(4);
    assertThat(reader.head().fields().name(0)).isEqualTo(FieldName.HOST);
    assertThat(reader.head().fields().text(1)).isEmpty();
    assertThat(reader.head().fields().text(2)).isEqualTo("v a l");
    assertThat(in.toString(ISO_8859_1)).isEqualTo("rest");
  }

  @Test
  void anyCutInPiecesReadsTheSame() {
    for (int cut = 0; cut <= HEAD.length(); cut++) {
      for (int second = cut; second <= HEAD.length(); second += 7) {
        RequestHeadReader pieces = new RequestHeadReader();
        pieces.restart(16_384, 100);
        Progress progress = pieces.read(bytes(HEAD.substring(0, cut)));
        if (progress == Progress.MORE) {
          progress = pieces.read(bytes(HEAD.substring(cut, second)));
        }
        if (progress == Progress.MORE) {
          progress = pieces.read(bytes(HEAD.substring(second)));
        }
        assertThat(progress).as("cut at %d and %d", cut, second).isEqualTo(Progress.DONE);
        assertThat(pieces.head().target()).isEqualTo("/a?b=c");
        assertThat(pieces.head().fields().text(2)).isEqualTo("v a l");
      }
    }
  }

  @Test
  void oneEmptyLineBeforeTheRequestIsIgnoredTwoAreNot() {
    assertThat(read(bytes("\r\n" + HEAD))).isEqualTo(Progress.DONE);
    assertThat(reader.head().target()).isEqualTo("/a?b=c");
    reader.head().clear();
    assertThat(read(bytes("\r\n\r\n" + HEAD))).isEqualTo(Progress.REFUSED);
  }

  @Test
  void tooLongALineIs414AndTooLargeAHead431() {
    reader.restart(64, 100);
    assertThat(reader.read(bytes("GET /" + "a".repeat(100)))).isEqualTo(Progress.REFUSED);
    assertThat(reader.refusal()).isEqualTo(Failure.TARGET_TOO_LONG);

    reader.head().clear();
    reader.restart(64, 100);
    String fields = "GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(100);
    assertThat(reader.read(bytes(fields))).isEqualTo(Progress.REFUSED);
    assertThat(reader.refusal()).isEqualTo(Failure.HEAD_TOO_LARGE);

    reader.head().clear();
    reader.restart(4096, 3);
    String four = "GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n";
    assertThat(reader.read(bytes(four))).isEqualTo(Progress.REFUSED);
    assertThat(reader.refusal()).isEqualTo(Failure.HEAD_TOO_LARGE);
  }

  @Test
  void aHeadAsLargeAsTheLimitPasses() {
    reader.restart(HEAD.length(), 100);
    assertThat(reader.read(bytes(HEAD))).isEqualTo(Progress.DONE);
  }

  /** Random damage to a good head never throws, and never yields a head with a forbidden byte. */
  @Test
  void damageIsRefusedOrHarmless() {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 200_000; i++) {
      StringBuilder damaged = new StringBuilder(HEAD);
      int hits = 1 + random.nextInt(3);
      for (int hit = 0; hit < hits; hit++) {
        damaged.setCharAt(random.nextInt(damaged.length()), (char) random.nextInt(256));
      }
      RequestHeadReader each = new RequestHeadReader();
      each.restart(16_384, 100);
      if (each.read(bytes(damaged.toString())) != Progress.DONE) {
        continue;
      }
      for (int field = 0; field < each.head().fields().count(); field++) {
        assertThat(each.head().fields().text(field))
            .as("seed %d: %s", seed, damaged)
            .doesNotContainPattern("[\\x00-\\x08\\x0a-\\x1f\\x7f]");
      }
      assertThat(each.head().target())
          .as("seed %d: %s", seed, damaged)
          .doesNotContainPattern("[\\x00-\\x20\\x7f]");
    }
  }

  private Progress read(ByteBuf in) {
    reader.restart(16_384, 100);
    return reader.read(in);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }
}
