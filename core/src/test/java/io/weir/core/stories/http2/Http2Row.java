package io.weir.core.stories.http2;

import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import java.util.List;
import java.util.function.Consumer;

/**
 * One requirement and what a client gets that meets or breaks it.
 *
 * @param clause where it stands; of RFC 9113 unless it says otherwise
 * @param plays what the client does, after preface and settings of both sides
 * @param forwarded the requests of HTTP/1 that it becomes at the backend, as far as it gets there
 */
record Http2Row(
    String clause,
    String name,
    Consumer<Http2Client> plays,
    Expected expected,
    Reach reach,
    List<String> forwarded) {
  static final int NO_ERROR = 0;
  static final int PROTOCOL_ERROR = 1;
  static final int FLOW_CONTROL_ERROR = 3;
  static final int STREAM_CLOSED = 5;
  static final int FRAME_SIZE_ERROR = 6;
  static final int REFUSED_STREAM = 7;
  static final int COMPRESSION_ERROR = 9;
  static final int ENHANCE_YOUR_CALM = 11;

  /** How far it gets. */
  enum Reach {
    /** Not even a connection is made to the backend: there is no request, or its head is bad. */
    NOWHERE,
    /** What was good of it may be on its way when the rest turns out to be bad; never all of it. */
    IN_PART,
    /** Whole, or not at all, since the client goes wrong in another way meanwhile. */
    PERHAPS,
    /** The backend gets all of it, and not a byte more. */
    WHOLE
  }

  /** What the client gets. */
  sealed interface Expected {}

  /** A GOAWAY with that error, and the end. */
  record ConnectionError(int code) implements Expected {}

  /** A RST_STREAM with that error; the connection lives. */
  record StreamError(int stream, int code) implements Expected {}

  /** A whole response; the connection lives. */
  record Answer(int stream, int status) implements Expected {}

  /** A whole response, and then the end, since the client said that it leaves. */
  record LastAnswer(int stream, int status) implements Expected {}

  /** Nothing; the connection lives. */
  record Nothing() implements Expected {}

  /** What is answered well was a GET of {@code /}, and all else got nowhere, unless it says so. */
  static Http2Row row(String clause, String name, Consumer<Http2Client> plays, Expected expected) {
    boolean served =
        expected instanceof Answer(int stream, int status) && status == 200
            || expected instanceof LastAnswer;
    return new Http2Row(
        clause,
        name,
        plays,
        expected,
        served ? Reach.WHOLE : Reach.NOWHERE,
        served ? List.of(get("/")) : List.of());
  }

  /** The backend gets these and nothing else. */
  Http2Row arrivesAs(String... requests) {
    return with(Reach.WHOLE, requests);
  }

  /** The backend gets these whole if it gets anything. */
  Http2Row mayArriveAs(String... requests) {
    return with(Reach.PERHAPS, requests);
  }

  /** The backend may get a part, and never the whole. */
  Http2Row breaksOff() {
    return with(Reach.IN_PART);
  }

  private Http2Row with(Reach other, String... requests) {
    return new Http2Row(clause, name, plays, expected, other, List.of(requests));
  }

  /** A GET as a backend of HTTP/1 gets it, with more header lines, each without its line end. */
  static String get(String target, String... lines) {
    return head("GET " + target, lines);
  }

  /** A POST of {@code /} without a length; these are its chunks, and what is behind them. */
  static String chunked(String body) {
    return head("POST /", "Transfer-Encoding: chunked") + body;
  }

  static String head(String methodAndTarget, String... lines) {
    StringBuilder head = new StringBuilder(methodAndTarget + " HTTP/1.1\r\nHost: a\r\n");
    for (String line : lines) {
      head.append(line).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  /** A request of these fields is malformed: an error of its stream, never the connection's end. */
  static Http2Row malformed(String clause, String name, String... fields) {
    return row(
        clause, name, c -> c.sends(Http2Frame.request(1, fields)), streamError(PROTOCOL_ERROR));
  }

  static Http2Row malformed(String clause, String name, RequestFields fields) {
    return malformed(clause, name, fields.text());
  }

  /** So is one with that field behind a good head. */
  static Http2Row field(String clause, String what, String name, String value) {
    return row(clause, what, c -> c.asks(1, name, value), streamError(PROTOCOL_ERROR));
  }

  /** A request of these fields is answered. */
  static Http2Row answered(int status, String clause, String name, String... fields) {
    return row(clause, name, c -> c.sends(Http2Frame.request(1, fields)), answer(status));
  }

  static Http2Row answered(int status, String clause, String name, RequestFields fields) {
    return answered(status, clause, name, fields.text());
  }

  static Expected connectionError(int code) {
    return new ConnectionError(code);
  }

  /** On stream 1. */
  static Expected streamError(int code) {
    return new StreamError(1, code);
  }

  /** On stream 1. */
  static Expected answer(int status) {
    return new Answer(1, status);
  }

  @Override
  public String toString() {
    return clause + " " + name;
  }
}
