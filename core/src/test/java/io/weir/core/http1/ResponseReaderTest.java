package io.weir.core.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.core.http.Failure;
import io.weir.core.http.Fields;
import io.weir.core.http.HttpVersion;
import io.weir.core.http.Repeat;
import io.weir.core.http.RequestHead;
import io.weir.core.http.ResponseHead;
import io.weir.core.http.ResponseListener;
import io.weir.core.upstream.PoolSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResponseReaderTest {
  private static final String EARLY_HINTS = "HTTP/1.1 103 Early Hints\r\n\r\n";
  private static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
  private static final int MAX_FIELDS = 16;

  private final Heard heard = new Heard();
  private final ResponseReader reader = new ResponseReader(settings(MAX_FIELDS));

  @Test
  void oneResponseAfterAnother() {
    begin("GET", MAX_FIELDS);
    assertThat(reads("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"))
        .isEqualTo(HeadReader.Progress.MORE);
    assertThat(reads("0\r\nX-Sum: 7\r\n\r\n")).isEqualTo(HeadReader.Progress.DONE);
    assertThat(reader.trailers()).isNotNull();
    begin("HEAD", MAX_FIELDS);
    assertThat(reads("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"))
        .isEqualTo(HeadReader.Progress.DONE);
    assertThat(reader.trailers()).isNull();
    assertThat(heard.all).hasToString("200 hello 200 ");
  }

  @Test
  void interimResponsesWithoutEndAreRefused() {
    begin("GET", MAX_FIELDS);
    assertThat(reads(EARLY_HINTS.repeat(64))).isEqualTo(HeadReader.Progress.MORE);
    assertThat(heard.all).hasToString("103 ".repeat(64));
    assertThat(reads(EARLY_HINTS)).isEqualTo(HeadReader.Progress.REFUSED);
    begin("GET", MAX_FIELDS);
    assertThat(reads(EARLY_HINTS)).isEqualTo(HeadReader.Progress.MORE);
  }

  @Test
  void noProtocolIsChangedBeforeTheRequestIsComplete() {
    RequestHead request = request("GET");
    request.asksForWebSocket(true);
    reader.begin(settings(MAX_FIELDS));
    reader.answers(request);
    assertThat(reader.read(bytes(SWITCHING), false, heard)).isEqualTo(HeadReader.Progress.REFUSED);
    reader.begin(settings(MAX_FIELDS));
    reader.answers(request);
    assertThat(reader.read(bytes(SWITCHING), true, heard)).isEqualTo(HeadReader.Progress.MORE);
    assertThat(heard.all).hasToString("101 ");
  }

  @Test
  void onlyAHeadThatCameMakesTheEndOfTheConnectionTheEndOfTheBody() {
    begin("GET", MAX_FIELDS);
    assertThat(reads("HTTP/1.1 200 OK\r\n\r\nhello")).isEqualTo(HeadReader.Progress.MORE);
    assertThat(reader.endsWithConnection()).isTrue();
    begin("GET", MAX_FIELDS);
    assertThat(reader.endsWithConnection()).isFalse();
  }

  @Test
  void theLimitsAreThoseOfTheLastRequest() {
    String wire = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: 1\r\nB: 2\r\n\r\n";
    begin("GET", 2);
    assertThat(reads(wire)).isEqualTo(HeadReader.Progress.DONE);
    begin("GET", 1);
    assertThat(reads(wire)).isEqualTo(HeadReader.Progress.REFUSED);
  }

  private void begin(String method, int maxFields) {
    reader.begin(settings(maxFields));
    reader.answers(request(method));
  }

  private HeadReader.Progress reads(String wire) {
    ByteBuf in = bytes(wire);
    HeadReader.Progress progress = HeadReader.Progress.MORE;
    while (in.isReadable() && progress == HeadReader.Progress.MORE) {
      progress = reader.read(in, true, heard);
    }
    return progress;
  }

  private static RequestHead request(String method) {
    RequestHead head = new RequestHead();
    head.requestLine(method, "/", HttpVersion.HTTP_1_1);
    return head;
  }

  private static PoolSettings settings(int maxFields) {
    return new PoolSettings(Http1Protocol.INSTANCE, 1, 1, 1, 1, null, null, true, 1024, maxFields);
  }

  private static ByteBuf bytes(String wire) {
    return Unpooled.copiedBuffer(wire, ISO_8859_1);
  }

  /** What was passed on, in order. */
  private static final class Heard implements ResponseListener {
    private final StringBuilder all = new StringBuilder();

    @Override
    public void onInterim(ResponseHead head) {
      all.append(head.status()).append(' ');
    }

    @Override
    public void onResponseHead(ResponseHead head) {
      all.append(head.status()).append(' ');
    }

    @Override
    public void onResponseBody(ByteBuf data) {
      all.append(data.toString(ISO_8859_1)).append(' ');
      data.release();
    }

    @Override
    public void onResponseEnd(@Nullable Fields trailers) {
      throw new AssertionError("the connection says so");
    }

    @Override
    public void onResponseBatchEnd() {
      throw new AssertionError("the connection says so");
    }

    @Override
    public void onResponseFailure(Failure failure, Repeat repeat) {
      throw new AssertionError("the connection says so");
    }

    @Override
    public void onUpstreamWritability(boolean writable) {
      throw new AssertionError("the connection says so");
    }
  }
}
