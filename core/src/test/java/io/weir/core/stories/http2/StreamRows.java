package io.weir.core.stories.http2;

import static io.weir.core.stories.http2.Http2Row.FRAME_SIZE_ERROR;
import static io.weir.core.stories.http2.Http2Row.PROTOCOL_ERROR;
import static io.weir.core.stories.http2.Http2Row.STREAM_CLOSED;
import static io.weir.core.stories.http2.Http2Row.answer;
import static io.weir.core.stories.http2.Http2Row.chunked;
import static io.weir.core.stories.http2.Http2Row.connectionError;
import static io.weir.core.stories.http2.Http2Row.get;
import static io.weir.core.stories.http2.Http2Row.row;
import static io.weir.core.stories.http2.Http2Row.streamError;
import static io.weir.core.testkit.HpackText.literals;
import static io.weir.core.testkit.HpackText.together;
import static io.weir.core.testkit.Http2Client.head;
import static io.weir.core.testkit.Http2Frame.ACK;
import static io.weir.core.testkit.Http2Frame.END_HEADERS;
import static io.weir.core.testkit.Http2Frame.END_STREAM;
import static io.weir.core.testkit.Http2Frame.PADDED;
import static io.weir.core.testkit.Http2Frame.PRIORITIZED;
import static io.weir.core.testkit.Http2Frame.continuation;
import static io.weir.core.testkit.Http2Frame.data;
import static io.weir.core.testkit.Http2Frame.dependency;
import static io.weir.core.testkit.Http2Frame.goAway;
import static io.weir.core.testkit.Http2Frame.headers;
import static io.weir.core.testkit.Http2Frame.priority;
import static io.weir.core.testkit.Http2Frame.reset;
import static io.weir.core.testkit.Http2Frame.windowUpdate;

import io.weir.core.stories.http2.Http2Row.Answer;
import io.weir.core.stories.http2.Http2Row.Nothing;
import io.weir.core.stories.http2.Http2Row.StreamError;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Streams, their states and the frames of each: RFC 9113 sections 5.1 and 6. */
final class StreamRows {
  private static final int WHOLE = END_HEADERS | END_STREAM;
  private static final byte[] GET = head("GET", "/");

  private StreamRows() {}

  static List<Http2Row> rows() {
    List<Http2Row> rows = new ArrayList<>(states());
    rows.addAll(controls());
    return rows;
  }

  private static List<Http2Row> states() {
    String[] slow = new String[128];
    Arrays.fill(slow, get("/slow"));
    return List.of(
        row(
            "§5.1",
            "idle: DATA",
            c -> c.sends(data(1, END_STREAM, "x")),
            connectionError(PROTOCOL_ERROR)),
        row("§5.1", "idle: RST_STREAM", c -> c.sends(reset(1, 8)), connectionError(PROTOCOL_ERROR)),
        row(
            "§5.1",
            "idle: WINDOW_UPDATE",
            c -> c.sends(windowUpdate(1, 100)),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§5.1",
            "idle: CONTINUATION",
            c -> c.sends(continuation(1, END_HEADERS, literals("a", "b"))),
            connectionError(PROTOCOL_ERROR)),
        row("§5.1", "idle: PRIORITY", c -> c.sends(priority(1, 0, 16)), new Nothing()),
        row(
                "§5.1",
                "half-closed: DATA",
                c -> c.asksFor(1, "/slow").sends(data(1, END_STREAM, "x")),
                streamError(STREAM_CLOSED))
            .mayArriveAs(get("/slow")),
        row(
                "§5.1",
                "half-closed: HEADERS that end the stream",
                c -> c.asksFor(1, "/slow").sends(headers(1, WHOLE, GET)),
                streamError(STREAM_CLOSED))
            .mayArriveAs(get("/slow")),
        row(
                "§5.1",
                "half-closed: HEADERS that do not",
                c -> c.asksFor(1, "/slow").sends(headers(1, END_HEADERS, GET)),
                streamError(STREAM_CLOSED))
            .mayArriveAs(get("/slow")),
        row(
                "§5.1",
                "half-closed: CONTINUATION",
                c -> c.asksFor(1, "/slow").sends(continuation(1, END_HEADERS, literals("a", "b"))),
                connectionError(PROTOCOL_ERROR))
            .mayArriveAs(get("/slow")),
        row(
            "§5.1",
            "half-closed: WINDOW_UPDATE",
            c -> c.asks(1).sends(windowUpdate(1, 1)),
            answer(200)),
        row("§5.1", "half-closed: PRIORITY", c -> c.asks(1).sends(priority(1, 0, 16)), answer(200)),
        row(
                "§5.1",
                "half-closed: RST_STREAM",
                c -> c.asksFor(1, "/slow").sends(reset(1, 8)),
                new Nothing())
            .mayArriveAs(get("/slow")),
        row(
                "§5.1",
                "closed by RST_STREAM: DATA",
                c -> c.begins(1, "POST", "/").sends(reset(1, 8), data(1, END_STREAM, "x")),
                streamError(STREAM_CLOSED))
            .breaksOff(),
        row(
                "§5.1",
                "closed by RST_STREAM: HEADERS",
                c -> c.begins(1, "POST", "/").sends(reset(1, 8), headers(1, WHOLE, GET)),
                streamError(STREAM_CLOSED))
            .breaksOff(),
        row(
                "§5.1",
                "closed by RST_STREAM: CONTINUATION",
                c ->
                    c.begins(1, "POST", "/")
                        .sends(reset(1, 8), continuation(1, END_HEADERS, literals("a", "b"))),
                connectionError(PROTOCOL_ERROR))
            .breaksOff(),
        row(
                "§5.1",
                "closed by RST_STREAM: PRIORITY, RST_STREAM and WINDOW_UPDATE",
                c ->
                    c.begins(1, "POST", "/")
                        .sends(reset(1, 8), priority(1, 0, 16), reset(1, 8), windowUpdate(1, 1)),
                new Nothing())
            .breaksOff(),
        row(
            "§5.1",
            "closed by us: what was on its way is ignored",
            c -> {
              c.begins(1, "POST", "/", "Upper", "case").receivesReset(1);
              c.sends(
                  data(1, 0, "x"), headers(1, WHOLE, literals("a", "b")), data(1, END_STREAM, "x"));
            },
            new Nothing()),
        row(
                "§5.1",
                "closed: DATA",
                c -> done(c).sends(data(1, END_STREAM, "x")),
                streamError(STREAM_CLOSED))
            .arrivesAs(get("/")),
        row(
                "§5.1",
                "closed: HEADERS",
                c -> done(c).sends(headers(1, WHOLE, GET)),
                connectionError(STREAM_CLOSED))
            .arrivesAs(get("/")),
        row(
                "§5.1",
                "closed: CONTINUATION",
                c -> done(c).sends(continuation(1, END_HEADERS, literals("a", "b"))),
                connectionError(PROTOCOL_ERROR))
            .arrivesAs(get("/")),
        row(
                "§5.1",
                "closed: PRIORITY, RST_STREAM and WINDOW_UPDATE",
                c -> done(c).sends(priority(1, 0, 16), reset(1, 8), windowUpdate(1, 1)),
                new Nothing())
            .arrivesAs(get("/")),
        row(
            "§5.1.1",
            "an even stream",
            c -> c.sends(headers(2, WHOLE, GET)),
            connectionError(PROTOCOL_ERROR)),
        row(
                "§5.1.1",
                "a stream lower than the last",
                c -> c.asks(5).sends(headers(3, WHOLE, GET)),
                connectionError(PROTOCOL_ERROR))
            .mayArriveAs(get("/")),
        row("§5.1.1", "a stream that skips others", c -> c.asks(4_001), new Answer(4_001, 200)),
        row(
                "§5.1.2",
                "more streams than allowed",
                c -> {
                  for (int i = 0; i < 129; i++) {
                    c.asksFor(2 * i + 1, "/slow");
                  }
                },
                new StreamError(257, Http2Row.REFUSED_STREAM))
            .mayArriveAs(slow),
        row(
            "RFC 7540 §5.3.1",
            "HEADERS of a stream that depends on itself",
            c -> c.sends(headers(1, WHOLE | PRIORITIZED, together(dependency(1, 16), GET))),
            streamError(PROTOCOL_ERROR)),
        row(
                "RFC 7540 §5.3.1",
                "PRIORITY of a stream that depends on itself",
                c -> c.begins(1, "POST", "/").sends(priority(1, 1, 16)),
                streamError(PROTOCOL_ERROR))
            .breaksOff());
  }

  private static Http2Client done(Http2Client client) {
    client.asks(1).receives(1, 200);
    return client;
  }

  private static List<Http2Row> controls() {
    return List.of(
        row(
                "§6.1",
                "DATA on stream 0",
                c -> c.begins(1, "POST", "/").sends(data(0, END_STREAM, "x")),
                connectionError(PROTOCOL_ERROR))
            .breaksOff(),
        row(
                "§6.1",
                "DATA in pieces",
                c ->
                    c.begins(1, "POST", "/")
                        .sends(data(1, 0, "a"), data(1, 0, "b"), data(1, END_STREAM, "c")),
                answer(200))
            .arrivesAs(chunked("3\r\nabc\r\n0\r\n\r\n")),
        row(
                "§6.1",
                "DATA with padding",
                c ->
                    c.begins(1, "POST", "/").sends(data(1, END_STREAM | PADDED, "\u0003abc\0\0\0")),
                answer(200))
            .arrivesAs(chunked("3\r\nabc\r\n0\r\n\r\n")),
        row(
                "§6.1",
                "DATA with more padding than payload",
                c -> c.begins(1, "POST", "/").sends(data(1, END_STREAM | PADDED, "\u0006abcde")),
                connectionError(PROTOCOL_ERROR))
            .breaksOff(),
        row(
                "§6.1",
                "DATA too short for its padding's length",
                c -> c.begins(1, "POST", "/").sends(data(1, END_STREAM | PADDED, "")),
                streamError(FRAME_SIZE_ERROR))
            .breaksOff(),
        row(
            "§6.3",
            "PRIORITY on stream 0",
            c -> c.sends(priority(0, 1, 16)),
            connectionError(PROTOCOL_ERROR)),
        row(
                "§6.3",
                "PRIORITY of another length",
                c ->
                    c.begins(1, "POST", "/")
                        .sends(Http2Frame.of(Http2Frame.PRIORITY, 0, 1, new byte[4])),
                streamError(FRAME_SIZE_ERROR))
            .breaksOff(),
        row(
            "§6.4",
            "RST_STREAM on stream 0",
            c -> c.sends(reset(0, 8)),
            connectionError(PROTOCOL_ERROR)),
        row(
                "§6.4",
                "RST_STREAM of another length",
                c ->
                    c.begins(1, "POST", "/")
                        .sends(Http2Frame.of(Http2Frame.RST_STREAM, 0, 1, new byte[3])),
                connectionError(FRAME_SIZE_ERROR))
            .breaksOff(),
        row(
                "§6.6",
                "PUSH_PROMISE of a client",
                c ->
                    c.begins(1, "POST", "/")
                        .sends(
                            Http2Frame.of(
                                Http2Frame.PUSH_PROMISE,
                                END_HEADERS,
                                1,
                                together(new byte[] {0, 0, 0, 2}, GET))),
                connectionError(PROTOCOL_ERROR))
            .breaksOff(),
        row(
            "§6.7",
            "PING",
            c -> c.sends(Http2Frame.ping(7)).receivesUntil("its answer", () -> c.pongs() == 1),
            new Nothing()),
        row(
            "§6.7",
            "PING with ACK is not answered",
            StreamRows::acknowledgesNothing,
            new Nothing()),
        row(
            "§6.7",
            "PING on a stream",
            c -> c.sends(Http2Frame.of(Http2Frame.PING, 0, 1, new byte[8])),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§6.7",
            "PING of another length",
            c -> c.sends(Http2Frame.of(Http2Frame.PING, 0, 0, new byte[6])),
            connectionError(FRAME_SIZE_ERROR)),
        row(
            "§6.8",
            "GOAWAY on a stream",
            c -> c.sends(Http2Frame.of(Http2Frame.GOAWAY, 0, 1, new byte[8])),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§6.8",
            "GOAWAY too short",
            c -> c.sends(Http2Frame.of(Http2Frame.GOAWAY, 0, 0, new byte[7])),
            connectionError(FRAME_SIZE_ERROR)),
        row(
            "§6.8",
            "GOAWAY of a client lets its requests end",
            c -> c.asks(1).sends(goAway(0, 0)),
            new Http2Row.LastAnswer(1, 200)),
        row(
                "§6.8",
                "a GOAWAY of a client does not keep it from asking once more",
                c -> c.sends(headers(1, WHOLE, GET), goAway(0, 0), headers(3, WHOLE, GET)),
                new Http2Row.LastAnswer(3, 200))
            .arrivesAs(get("/"), get("/")),
        row(
            "§7",
            "GOAWAY with an unknown error",
            c -> c.asks(1).sends(goAway(0, 0xff)),
            new Http2Row.LastAnswer(1, 200)),
        row(
                "§7",
                "RST_STREAM with an unknown error",
                c -> c.begins(1, "POST", "/").sends(reset(1, 0xff)),
                new Nothing())
            .breaksOff());
  }

  private static void acknowledgesNothing(Http2Client client) {
    client.sends(Http2Frame.of(Http2Frame.PING, ACK, 0, new byte[8]));
    if (!client.isAnswered() || client.pongs() != 1) {
      throw new AssertionError("answers: " + client.pongs() + " (expected: to the second alone)");
    }
  }
}
