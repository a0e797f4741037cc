package io.weir.core.config;

/** A version of HTTP, as a listener or a pool speaks it. */
public enum HttpProtocol {
  /** HTTP/2 over TLS, chosen by ALPN. */
  H2("h2"),
  /** HTTP/2 in plain text, begun with its preface. */
  H2C("h2c"),
  HTTP_1_1("http/1.1");

  private final String text;

  HttpProtocol(String text) {
    this.text = text;
  }

  /** The protocol that a configuration names. */
  public static HttpProtocol parse(String text) {
    for (HttpProtocol protocol : values()) {
      if (protocol.text.equals(text)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException("\"" + text + "\" (expected: h2 | h2c | http/1.1)");
  }

  /** As the configuration has it, and ALPN. */
  public String text() {
    return text;
  }
}
