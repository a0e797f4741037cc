package io.weir.core.stories.http2;

import static io.weir.core.stories.http2.Http2Row.PROTOCOL_ERROR;
import static io.weir.core.stories.http2.Http2Row.answer;
import static io.weir.core.stories.http2.Http2Row.chunked;
import static io.weir.core.stories.http2.Http2Row.row;
import static io.weir.core.stories.http2.Http2Row.streamError;
import static io.weir.core.testkit.HpackText.literals;
import static io.weir.core.testkit.Http2Client.head;
import static io.weir.core.testkit.Http2Frame.END_HEADERS;
import static io.weir.core.testkit.Http2Frame.END_STREAM;
import static io.weir.core.testkit.Http2Frame.data;
import static io.weir.core.testkit.Http2Frame.headers;

import java.util.List;

/** Bodies, their announced length and their trailers: RFC 9113 section 8.1. */
final class ContentRows {
  private static final int WHOLE = END_HEADERS | END_STREAM;

  private ContentRows() {}

  static List<Http2Row> rows() {
    String clause = "§8.1.1";
    return List.of(
        row(
                clause,
                "less DATA than content-length",
                c ->
                    c.begins(1, "POST", "/", "content-length", "4")
                        .sends(data(1, END_STREAM, "abc")),
                streamError(PROTOCOL_ERROR))
            .breaksOff(),
        row(
                clause,
                "more DATA than content-length",
                c ->
                    c.begins(1, "POST", "/", "content-length", "2")
                        .sends(data(1, END_STREAM, "abc")),
                streamError(PROTOCOL_ERROR))
            .breaksOff(),
        row(
                clause,
                "more in pieces than content-length",
                c ->
                    c.begins(1, "POST", "/", "content-length", "2")
                        .sends(data(1, 0, "ab"), data(1, END_STREAM, "c")),
                streamError(PROTOCOL_ERROR))
            .breaksOff(),
        row(
            clause,
            "content-length without DATA",
            c -> c.asks(1, "content-length", "1"),
            streamError(PROTOCOL_ERROR)),
        row(
                clause,
                "content-length and trailers alone",
                c ->
                    c.begins(1, "POST", "/", "content-length", "1")
                        .sends(headers(1, WHOLE, literals("x", "y"))),
                streamError(PROTOCOL_ERROR))
            .breaksOff(),
        row(
                clause,
                "content-length of 0 and DATA",
                c ->
                    c.begins(1, "POST", "/slow", "content-length", "0")
                        .sends(data(1, END_STREAM, "x")),
                streamError(PROTOCOL_ERROR))
            .mayArriveAs(Http2Row.head("POST /slow", "Content-Length: 0")),
        row(
                clause,
                "content-length of 0 and an empty DATA",
                c -> c.begins(1, "POST", "/", "content-length", "0").sends(data(1, END_STREAM, "")),
                answer(200))
            .arrivesAs(Http2Row.head("POST /", "Content-Length: 0")),
        row(
            clause,
            "two content-lengths",
            c ->
                c.begins(1, "POST", "/", "content-length", "1", "content-length", "1")
                    .sends(data(1, END_STREAM, "x")),
            streamError(PROTOCOL_ERROR)),
        row(
            clause,
            "content-length that is no number",
            c -> c.begins(1, "POST", "/", "content-length", "1x").sends(data(1, END_STREAM, "x")),
            streamError(PROTOCOL_ERROR)),
        row(
            clause,
            "content-length with a plus",
            c -> c.begins(1, "POST", "/", "content-length", "+1").sends(data(1, END_STREAM, "x")),
            streamError(PROTOCOL_ERROR)),
        row(
            clause,
            "content-length that is negative",
            c -> c.begins(1, "POST", "/", "content-length", "-1").sends(data(1, END_STREAM, "x")),
            streamError(PROTOCOL_ERROR)),
        row(
            clause,
            "content-length that is a list",
            c -> c.begins(1, "POST", "/", "content-length", "1, 1").sends(data(1, END_STREAM, "x")),
            streamError(PROTOCOL_ERROR)),
        row(
            clause,
            "content-length beyond a long",
            c ->
                c.begins(1, "POST", "/", "content-length", "18446744073709551617")
                    .sends(data(1, END_STREAM, "x")),
            streamError(PROTOCOL_ERROR)),
        row(
                "§8.1",
                "a second HEADERS that does not end the stream",
                c -> c.begins(1, "POST", "/").sends(headers(1, END_HEADERS, head("POST", "/"))),
                streamError(PROTOCOL_ERROR))
            .breaksOff(),
        row(
                "§8.1",
                "POST with DATA",
                c -> c.begins(1, "POST", "/").sends(data(1, END_STREAM, "abc")),
                answer(200))
            .arrivesAs(chunked("3\r\nabc\r\n0\r\n\r\n")),
        row(
                "§8.1",
                "POST with trailers",
                c ->
                    c.begins(1, "POST", "/")
                        .sends(data(1, 0, "abc"), headers(1, WHOLE, literals("x-sum", "7"))),
                answer(200))
            .arrivesAs(chunked("3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n")),
        row(
                "RFC 9110 §6.5.1",
                "what may be no trailer is not forwarded",
                c ->
                    c.begins(1, "POST", "/")
                        .sends(
                            data(1, 0, "abc"),
                            headers(
                                1,
                                WHOLE,
                                literals("content-length", "3", "host", "b", "x-sum", "7"))),
                answer(200))
            .arrivesAs(chunked("3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n")),
        row(
                "§8.1",
                "POST with trailers alone",
                c -> c.begins(1, "POST", "/").sends(headers(1, WHOLE, literals("x-sum", "7"))),
                answer(200))
            .arrivesAs(chunked("0\r\nX-Sum: 7\r\n\r\n")),
        row("§8.1", "HEAD", c -> c.sends(headers(1, WHOLE, head("HEAD", "/"))), answer(200))
            .arrivesAs(Http2Row.head("HEAD /")),
        row(
            "RFC 9110 §10.1.1",
            "an expectation that is unknown",
            c -> c.begins(1, "POST", "/", "expect", "tea").sends(data(1, END_STREAM, "x")),
            answer(417)),
        row(
            "RFC 9110 §15.5.14",
            "content-length above the limit",
            c -> c.begins(1, "POST", "/", "content-length", "1048577"),
            answer(413)));
  }
}
