package io.weir.core.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.core.http.BodyLength;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseHead;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Messages of HTTP/1, whatever their bytes: read or refused, never thrown, and the same whether
 * they come at once or byte by byte. A response that may pass is written as one that reads the
 * same.
 */
class Http1FuzzTest {
  private static final int MAX_HEAD = 2048;
  private static final int MAX_FIELDS = 16;
  private static final long MAX_BODY = 1 << 20;
  private static final byte[] NO_DATE = {};
  private static final String MORE = HeadReader.Progress.MORE.toString();
  private static final String REFUSED = HeadReader.Progress.REFUSED.toString();
  private static final String UNFINISHED = " unfinished ";
  private static final String MALFORMED = " malformed";

  @TestFactory
  Stream<DynamicTest> everyKnownInput() throws IOException {
    return Files.list(Path.of("src/test/fuzz/Http1"))
        .sorted()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(), () -> fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  public static void fuzzerTestOneInput(byte[] input) {
    int whole = Math.max(1, input.length);
    agree(request(input, 1), request(input, whole));
    agree(response(input, 1), response(input, whole));
  }

  /**
   * What is refused whole may still be waited for byte by byte, or be refused for another reason: a
   * line is judged when it has ended, or when it came with others and cannot become right.
   */
  private static void agree(String byteByByte, String whole) {
    boolean passed = !isRefused(byteByByte) && !isUndecided(byteByByte);
    if (passed || !isRefused(whole)) {
      assertThat(byteByByte).isEqualTo(whole);
    }
  }

  private static boolean isRefused(String outcome) {
    return outcome.startsWith(REFUSED) || outcome.endsWith(MALFORMED);
  }

  private static boolean isUndecided(String outcome) {
    return outcome.startsWith(MORE) || outcome.contains(UNFINISHED);
  }

  private static String request(byte[] input, int piece) {
    RequestHeadReader reader = new RequestHeadReader();
    reader.restart(MAX_HEAD, MAX_FIELDS);
    Pieces in = new Pieces(input, piece);
    HeadReader.Progress progress = in.until(reader);
    if (progress != HeadReader.Progress.DONE) {
      return progress + " " + (progress == HeadReader.Progress.REFUSED ? reader.refusal() : "");
    }
    RequestHead head = reader.head();
    Failure failure = new FramingGuard().check(head, MAX_BODY);
    if (failure != null) {
      return failure.toString();
    }
    String text = head.method() + " " + head.target() + " " + head.host() + fields(head.fields());
    return text + " " + head.bodyLength() + in.body(head.bodyLength());
  }

  private static String response(byte[] input, int piece) {
    ResponseHeadReader reader = new ResponseHeadReader();
    reader.restart(MAX_HEAD, MAX_FIELDS);
    Pieces in = new Pieces(input, piece);
    HeadReader.Progress progress = in.until(reader);
    if (progress != HeadReader.Progress.DONE) {
      return progress + " " + (progress == HeadReader.Progress.REFUSED ? reader.refusal() : "");
    }
    ResponseHead head = reader.head();
    if (!ResponseFramingGuard.check(head, false, "websocket")) {
      return "refused";
    }
    rereads(head);
    return head.status() + fields(head.fields()) + in.body(head.bodyLength());
  }

  /** What is sent on is read as the same head by a strict reader. */
  private static void rereads(ResponseHead head) {
    ByteBuf out = Unpooled.buffer();
    boolean chunked = head.bodyLength() == BodyLength.CHUNKED;
    HeadWriter.response(head, chunked, ConnectionOption.SILENT, NO_DATE, out);
    ResponseHeadReader again = new ResponseHeadReader();
    again.restart(MAX_HEAD * 2, MAX_FIELDS * 2);
    assertThat(again.read(out)).isEqualTo(HeadReader.Progress.DONE);
    assertThat(ResponseFramingGuard.check(again.head(), false, "websocket")).isTrue();
    assertThat(again.head().status()).isEqualTo(head.status());
    assertThat(again.head().bodyLength()).isEqualTo(head.bodyLength());
    assertThat(out.isReadable()).isFalse();
    out.release();
  }

  private static String fields(Fields fields) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < fields.count(); i++) {
      text.append('|').append(fields.name(i)).append('=').append(fields.text(i));
    }
    return text.toString();
  }

  /** The input in pieces of a size. */
  private static final class Pieces {
    private final byte[] input;
    private final int piece;
    private int at;
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;

    Pieces(byte[] input, int piece) {
      this.input = input;
      this.piece = piece;
    }

    private boolean next() {
      if (rest.isReadable()) {
        return true;
      }
      if (at >= input.length) {
        return false;
      }
      int end = Math.min(input.length, at + piece);
      rest = Unpooled.wrappedBuffer(Arrays.copyOfRange(input, at, end));
      at = end;
      return true;
    }

    HeadReader.Progress until(HeadReader reader) {
      HeadReader.Progress progress = HeadReader.Progress.MORE;
      while (progress == HeadReader.Progress.MORE && next()) {
        progress = reader.read(rest);
      }
      return progress;
    }

    String body(long length) {
      BodyReader body = new BodyReader(MAX_HEAD, MAX_FIELDS);
      body.begin(length);
      StringBuilder text = new StringBuilder();
      while (!body.isEnded() && !body.isMalformed() && next()) {
        ByteBuf got = body.next(rest);
        if (got != null) {
          text.append(got.toString(ISO_8859_1));
          got.release();
        }
      }
      if (body.isMalformed()) {
        return MALFORMED; // how much came before it depends on the pieces
      }
      Fields trailers = body.trailers();
      return (body.isEnded() ? " " : UNFINISHED)
          + text
          + (trailers == null ? "" : fields(trailers));
    }
  }
}
