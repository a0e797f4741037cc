package io.weir.core.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.testkit.Response.Framing;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {
  private static MessageReader reader(String text) {
    return new MessageReader(new ByteArrayInputStream(Wire.bytes(text)));
  }

  private static Request request(String text) throws IOException {
    MessageReader reader = reader(text);
    return reader.body(reader.requestHead());
  }

  private static Response response(String text, String method) throws IOException {
    MessageReader reader = reader(text);
    return reader.body(reader.responseHead(), method);
  }

  @Test
  void readsARequestWithTrailers() throws IOException {
    String text =
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\nA\r\n0123456789\r\n0\r\nX-Sum:  7 \r\n\r\n";
    Request request = request(text);
    assertThat(request.method() + request.target() + request.version()).isEqualTo("POST/xHTTP/1.1");
    assertThat(request.headers().first("host")).contains("a");
    assertThat(request.bodyText()).isEqualTo("abc0123456789");
    assertThat(request.trailers().lines()).containsExactly(new Header("X-Sum", "7"));
    assertThat(Wire.text(request.raw())).isEqualTo(text);
  }

  @Test
  void readsOneRequestAfterTheOtherAndThenTheEnd() throws IOException {
    MessageReader reader =
        reader("GET /1 HTTP/1.1\r\n\r\nPUT /2 HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi");
    assertThat(reader.body(reader.requestHead()).target()).isEqualTo("/1");
    assertThat(reader.body(reader.requestHead()).bodyText()).isEqualTo("hi");
    assertThat(reader.requestHead()).isNull();
  }

  @Test
  void knowsWhatEndsTheBodyOfAResponse() throws IOException {
    assertThat(response("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "GET").framing())
        .isEqualTo(Framing.CONTENT_LENGTH);
    assertThat(response("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", "HEAD").framing())
        .isEqualTo(Framing.NONE);
    assertThat(response("HTTP/1.1 304 \r\nContent-Length: 2\r\n\r\n", "GET").framing())
        .isEqualTo(Framing.NONE);
    Response closed = response("HTTP/1.0 200 OK\r\n\r\nall of this", "GET");
    assertThat(closed.framing()).isEqualTo(Framing.CLOSE);
    assertThat(closed.bodyText()).isEqualTo("all of this");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "GET  / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nX: \u0000\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: +1\r\n\r\na",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
      })
  void refusesWhatHasTwoReadings(String text) {
    assertThatThrownBy(() -> request(text)).isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void tellsATruncationFromMalice() {
    assertThatThrownBy(() -> request("GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab"))
        .isInstanceOf(EOFException.class);
  }
}
