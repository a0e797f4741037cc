package io.weir.core.stories.framing;

/**
 * What a backend answers and what the client must get.
 *
 * @param method of the request
 * @param bytes the backend's, after which it closes if {@code closes}
 * @param surplus so many of them, the last, belong to no answer: a connection must not have gone
 *     back for another request before the first of them is there
 */
record ResponseRow(
    String name,
    String clause,
    String method,
    String bytes,
    int surplus,
    boolean closes,
    Expected expected) {

  /** What the client must get. */
  sealed interface Expected {}

  /** 502 of the proxy's own making, and nothing of the backend's. */
  record BadGateway() implements Expected {}

  /** 502, or a response that visibly breaks off, if only by a reset: never one that looks whole. */
  record Broken() implements Expected {}

  /**
   * This, but for how its body is framed.
   *
   * @param response whole bytes, with the interim ones before the final
   */
  record Relayed(String response) implements Expected {}

  static ResponseRow row(String name, String clause, String bytes, Expected expected) {
    return new ResponseRow(name, clause, "GET", bytes, 0, false, expected);
  }

  static ResponseRow untouched(String name, String clause, String bytes) {
    return row(name, clause, bytes, new Relayed(bytes));
  }

  static ResponseRow bad(String name, String bytes) {
    return row(name, "RFC 9112 §4, §5, §6.3", bytes, new BadGateway());
  }

  static ResponseRow broken(String name, String bytes) {
    return row(name, "RFC 9112 §8", bytes, new Broken()).thenCloses();
  }

  ResponseRow to(String otherMethod) {
    return new ResponseRow(name, clause, otherMethod, bytes, surplus, closes, expected);
  }

  ResponseRow withSurplus(String end) {
    return new ResponseRow(name, clause, method, bytes, end.length(), closes, expected);
  }

  ResponseRow thenCloses() {
    return new ResponseRow(name, clause, method, bytes, surplus, true, expected);
  }

  /** A 200 with these header lines, each without its line end, and the bytes after them. */
  static String ok(String body, String... lines) {
    return response("HTTP/1.1 200 OK", body, lines);
  }

  /** A 200 with a chunked body, of which this is every byte. */
  static String chunked(String body) {
    return ok(body, "Transfer-Encoding: chunked");
  }

  static String response(String statusLine, String body, String... lines) {
    StringBuilder head = new StringBuilder(statusLine + "\r\n");
    for (String line : lines) {
      head.append(line).append("\r\n");
    }
    return head.append("\r\n").append(body).toString();
  }

  @Override
  public String toString() {
    return name + " (" + clause + ")";
  }
}
