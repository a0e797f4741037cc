package io.weir.core.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A response as a client read it.
 *
 * @param body decoded, so without chunk framing
 * @param raw the very bytes
 */
public record Response(
    String version,
    int status,
    String reason,
    Headers headers,
    byte[] body,
    Headers trailers,
    Framing framing,
    byte[] raw) {

  /** What ended the body. */
  public enum Framing {
    NONE,
    CONTENT_LENGTH,
    CHUNKED,
    CLOSE
  }

  /** Reads the responses that a test wrote down; the end of the text is the end of the stream. */
  public static List<Response> parseAll(String text, String method) {
    try {
      InputStream in = new ByteArrayInputStream(Wire.bytes(text));
      MessageReader reader = new MessageReader(in);
      List<Response> responses = new ArrayList<>();
      while (in.available() > 0) {
        responses.add(reader.body(reader.responseHead(), method));
      }
      return responses;
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  public String bodyText() {
    return Wire.text(body);
  }

  /** Whether the head says that this connection ends after this response. */
  public boolean saysClose() {
    return headers.all("connection").stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .anyMatch(option -> option.strip().equalsIgnoreCase("close"));
  }

  @Override
  public String toString() {
    return Wire.printable(raw);
  }
}
