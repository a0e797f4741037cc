package io.weir.core.http;

/** The versions of HTTP that a request can come by. */
public enum HttpVersion {
  HTTP_1_0("HTTP/1.0", "http/1.0"),
  HTTP_1_1("HTTP/1.1", "http/1.1"),
  HTTP_2("HTTP/2.0", "http/2");

  private final String text;
  private final String label;

  HttpVersion(String text, String label) {
    this.text = text;
    this.label = label;
  }

  /** As access logs have it. */
  public String text() {
    return text;
  }

  /** The word for metrics. */
  public String label() {
    return label;
  }
}
