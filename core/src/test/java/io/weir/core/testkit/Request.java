package io.weir.core.testkit;

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
