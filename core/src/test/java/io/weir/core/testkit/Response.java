package io.weir.core.testkit;

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

  public String bodyText() {
    return Wire.text(body);
  }

  /** Whether the head says that this connection ends after this response. */
  public boolean saysClose() {
    return headers.all("connection").stream()
        .flatMap(value -> java.util.Arrays.stream(value.split(",")))
        .anyMatch(option -> option.strip().equalsIgnoreCase("close"));
  }

  @Override
  public String toString() {
    return Wire.printable(raw);
  }
}
