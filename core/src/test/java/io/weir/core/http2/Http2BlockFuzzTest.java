package io.weir.core.http2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Exception;
import io.weir.core.http.BodyLength;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.HttpLimits;
import io.weir.core.http.NameSet;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseHead;
import io.weir.core.http1.Http1Protocol;
import io.weir.core.upstream.PoolSettings;
import io.weir.core.worker.StandingWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Field blocks, whatever their bytes: never thrown at, and judged as a simple reading of RFC 9113
 * does. What passes lies there as lines of HTTP/1, each of which is one field.
 */
class Http2BlockFuzzTest {
  private static final int MAX_BYTES = 2048;
  private static final int MAX_FIELDS = 16;
  private static final HttpLimits LIMITS =
      new HttpLimits(MAX_BYTES, MAX_FIELDS, 1 << 20, 0, 1, 1, 1, 1, 0, 1);
  private static final PoolSettings POOL =
      new PoolSettings(
          Http1Protocol.INSTANCE, 1, 1, 1, 1, null, null, false, MAX_BYTES, MAX_FIELDS);
  private static final NameSet REMOVED = NameSet.NONE.with(FieldName.REMOVED);
  private static final Http2Worker WORKER = new Http2Worker(StandingWorker.create());

  @TestFactory
  Stream<DynamicTest> everyKnownInput() throws IOException {
    return Files.list(Path.of("src/test/fuzz/Http2Block"))
        .sorted()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(), () -> fuzzerTestOneInput(Files.readAllBytes(file))));
  }

  /** The first byte says what the block is for. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    boolean ends = (input[0] & 1) == 0;
    boolean toHead = (input[0] & 2) != 0;
    byte[] block = Arrays.copyOfRange(input, 1, input.length);
    FieldList naive = new FieldList();
    boolean decodes = decodes(block, naive);
    request(block, ends, decodes, naive);
    response(block, ends, toHead, decodes, naive);
  }

  private static boolean decodes(byte[] block, CarriedHeaders into) {
    try {
      FieldList.decoderInto(into).decodeHeaders(1, Unpooled.wrappedBuffer(block));
      return true;
    } catch (Http2Exception broken) {
      return false;
    }
  }

  private static void request(byte[] block, boolean ends, boolean decodes, FieldList naive) {
    FieldBlock ours = new FieldBlock(WORKER, LIMITS);
    ours.beginRequest(LIMITS);
    assertThat(decodes(block, ours)).isEqualTo(decodes);
    RequestHead head = ours.takeHead();
    if (!decodes) {
      return;
    }
    RequestGuard.Verdict verdict = WORKER.guard().check(ours, head, ends, LIMITS);
    if (naive.bytes() <= MAX_BYTES && !naive.isWellFormedRequest()) {
      assertThat(ours.isMalformed() || ours.isTooLarge()).as(naive.lines().toString()).isTrue();
    }
    if (verdict != RequestGuard.Verdict.FINE) {
      return;
    }
    assertThat(naive.isWellFormedRequest()).isTrue();
    assertThat(naive.bytes()).isLessThanOrEqualTo(MAX_BYTES);
    assertThat(head.target()).isEqualTo(naive.all(":path").getFirst());
    assertThat(head.host()).matches("[^\\s/@?#\\x00-\\x20]+");
    assertThat(naive.all("content-length")).hasSizeLessThan(2);
    if (head.isWebSocket()) {
      assertThat(naive.all(":protocol").getFirst()).isEqualToIgnoringCase("websocket");
      assertThat(head.method()).isEqualTo("GET");
      return; // its fields are those of another handshake
    }
    assertThat(head.method()).isEqualTo(naive.all(":method").getFirst());
    List<String> wanted = new ArrayList<>(naive.lines());
    wanted.removeIf(line -> line.startsWith("host: ") || line.startsWith("cookie: "));
    wanted.addAll(naive.all(":authority").stream().map(text -> "host: " + text).toList());
    if (naive.all(":authority").isEmpty()) {
      wanted.add("host: " + naive.all("host").getFirst());
    }
    if (!naive.all("cookie").isEmpty()) {
      wanted.add("cookie: " + String.join("; ", naive.all("cookie")));
    }
    assertThat(lines(head.fields())).containsExactlyInAnyOrderElementsOf(wanted);
    if (ends) {
      assertThat(head.hasBody()).isFalse();
    }
  }

  private static void response(
      byte[] block, boolean ends, boolean toHead, boolean decodes, FieldList naive) {
    ResponseBlock ours = new ResponseBlock(POOL);
    ResponseHead head = new ResponseHead();
    ours.beginHead(head.fields());
    assertThat(decodes(block, ours)).isEqualTo(decodes);
    if (!decodes || !ResponseGuard.check(ours, head, toHead, ends)) {
      return;
    }
    assertThat(naive.isWellFormedResponse()).as(naive.lines().toString()).isTrue();
    assertThat(String.valueOf(head.status())).isEqualTo(naive.all(":status").getFirst());
    assertThat(naive.all("content-length")).hasSizeLessThan(2);
    if (ends) {
      assertThat(head.bodyLength()).isIn(0L, (long) BodyLength.NONE);
    }
    List<String> wanted = new ArrayList<>(naive.lines());
    if (head.isInterim() || head.status() == 204) {
      wanted.removeIf(line -> line.startsWith("content-length: "));
    }
    assertThat(lines(head.fields())).containsExactlyInAnyOrderElementsOf(wanted);
  }

  /** The lines as they would be written, without those that are not any more. */
  private static List<String> lines(Fields fields) {
    ByteBuf out = Unpooled.buffer();
    fields.writeLines(out, REMOVED);
    List<String> lines = new ArrayList<>(FieldList.linesOf(ByteBufUtil.getBytes(out)));
    if (!lines.isEmpty()) {
      assertThat(lines.removeLast()).as("what is behind the last line").isEmpty();
    }
    return lines;
  }
}
