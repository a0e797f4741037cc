package io.weir.core.stories.framing;

import java.util.List;

/**
 * What a client sends and what must come of it.
 *
 * @param clause where it is written, or "ours" with the reason where the choice is ours
 */
record RequestRow(String name, String clause, String bytes, Expected expected) {

  /** What must come of it. */
  sealed interface Expected {}

  /**
   * Each request is answered; then one of these statuses if any, and the end of the connection. Of
   * what was refused not one byte reaches a backend.
   *
   * @param requests what the backend gets, whole, in this order
   */
  record Refused(List<String> requests, List<Integer> statuses) implements Expected {}

  /** The body breaks off: the refusal, the end, and no whole request at the backend. */
  record Cut(List<Integer> statuses) implements Expected {}

  /**
   * Each request is answered by the backend.
   *
   * @param thenCloses whether the connection must end after the last
   */
  record Forwarded(List<String> requests, boolean thenCloses) implements Expected {}

  /** Answered without a backend, and the connection goes on. */
  record Answered(List<Integer> statuses) implements Expected {}

  /** The client sends FIN behind it: an end comes, and nothing whole to a backend. */
  record BrokenOff() implements Expected {}

  static RequestRow row(String name, String clause, String bytes, Expected expected) {
    return new RequestRow(name, clause, bytes, expected);
  }

  /** The bytes reach the backend as they are, but for what a proxy adds. */
  static RequestRow untouched(String name, String clause, String bytes) {
    return row(name, clause, bytes, forwardedAs(bytes));
  }

  static Expected refused(Integer... statuses) {
    return new Refused(List.of(), List.of(statuses));
  }

  static Expected forwardedThenRefused(String request, Integer... statuses) {
    return new Refused(List.of(request), List.of(statuses));
  }

  static Expected cut(Integer... statuses) {
    return new Cut(List.of(statuses));
  }

  static Expected forwardedAs(String... requests) {
    return new Forwarded(List.of(requests), false);
  }

  static Expected forwardedThenClosed(String... requests) {
    return new Forwarded(List.of(requests), true);
  }

  static Expected brokenOff() {
    return new BrokenOff();
  }

  static Expected answered(Integer... statuses) {
    return new Answered(List.of(statuses));
  }

  /** A GET of / on host a with more header lines, each without its line end. */
  static String get(String... lines) {
    return head("GET / HTTP/1.1", lines);
  }

  /** A POST to / on host a with more header lines and the bytes after them. */
  static String post(String body, String... lines) {
    return head("POST / HTTP/1.1", lines) + body;
  }

  /** A POST with a chunked body, of which this is every byte. */
  static String chunked(String body) {
    return post(body, "Transfer-Encoding: chunked");
  }

  /** A request line, a Host, and more header lines. */
  static String head(String requestLine, String... lines) {
    StringBuilder head = new StringBuilder(requestLine + "\r\nHost: a\r\n");
    for (String line : lines) {
      head.append(line).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  @Override
  public String toString() {
    return name + " (" + clause + ")";
  }
}
