package io.weir.core.answer;

/** The forms of an error page; of those that a client likes equally well the first is taken. */
public enum PageKind {
  TEXT("text", "plain", "text/plain; charset=utf-8"),
  HTML("text", "html", "text/html; charset=utf-8"),
  JSON("application", "json", "application/json"),
  /** The same under the name of RFC 9457. */
  PROBLEM("application", "problem+json", "application/problem+json");

  private final String type;
  private final String subtype;
  private final String contentType;

  PageKind(String type, String subtype, String contentType) {
    this.type = type;
    this.subtype = subtype;
    this.contentType = contentType;
  }

  String type() {
    return type;
  }

  String subtype() {
    return subtype;
  }

  String contentType() {
    return contentType;
  }
}
