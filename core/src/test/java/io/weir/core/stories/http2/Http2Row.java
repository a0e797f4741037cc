package io.weir.core.stories.http2;

import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import java.util.function.Consumer;

/**
 * One requirement and what a client gets that meets or breaks it.
 *
 * @param clause where it stands; of RFC 9113 unless it says otherwise
 * @param plays what the client does, after preface and settings of both sides
 */
record Http2Row(String clause, String name, Consumer<Http2Client> plays, Expected expected) {
  static final int NO_ERROR = 0;
  static final int PROTOCOL_ERROR = 1;
  static final int FLOW_CONTROL_ERROR = 3;
  static final int STREAM_CLOSED = 5;
  static final int FRAME_SIZE_ERROR = 6;
  static final int REFUSED_STREAM = 7;
  static final int COMPRESSION_ERROR = 9;
  static final int ENHANCE_YOUR_CALM = 11;

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

  static Http2Row row(String clause, String name, Consumer<Http2Client> plays, Expected expected) {
    return new Http2Row(clause, name, plays, expected);
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
