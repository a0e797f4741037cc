package io.weir.core.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Objects;

/**
 * A request as a backend read it.
 *
 * @param body decoded, so without chunk framing
 * @param raw the very bytes
 */
public record Request(
    String method,
    String target,
    String version,
    Headers headers,
    byte[] body,
    Headers trailers,
    byte[] raw) {

  /** Reads a whole request that a test wrote down. */
  public static Request parse(String text) {
    try {
      MessageReader reader = new MessageReader(new ByteArrayInputStream(Wire.bytes(text)));
      return reader.body(Objects.requireNonNull(reader.requestHead()));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  public String bodyText() {
    return Wire.text(body);
  }

  public boolean chunked() {
    return headers.has("transfer-encoding");
  }

  @Override
  public String toString() {
    return Wire.printable(raw);
  }
}
