package io.weir.core.stories.framing;

import static io.weir.core.stories.framing.RequestRow.chunked;
import static io.weir.core.stories.framing.RequestRow.forwardedAs;
import static io.weir.core.stories.framing.RequestRow.get;
import static io.weir.core.stories.framing.RequestRow.head;
import static io.weir.core.stories.framing.RequestRow.post;
import static io.weir.core.stories.framing.RequestRow.refused;
import static io.weir.core.stories.framing.RequestRow.row;
import static io.weir.core.stories.framing.RequestRow.untouched;

import java.util.List;

/** Transfer-Encoding: its value, its repetition, and its company. */
final class TransferEncodingRows {
  private static final String BODY = "5\r\nhello\r\n0\r\n\r\n";
  private static final String HIDDEN = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

  private TransferEncodingRows() {}

  static List<RequestRow> rows() {
    return List.of(
        untouched("chunked", "RFC 9112 §7.1", chunked(BODY)),
        untouched("chunked and empty", "RFC 9112 §7.1", chunked("0\r\n\r\n")),
        untouched("chunked with GET", "RFC 9112 §6.3", get("Transfer-Encoding: chunked") + BODY),
        row(
            "Chunked",
            "RFC 9112 §7",
            post(BODY, "Transfer-Encoding: Chunked"),
            forwardedAs(chunked(BODY))),
        row(
            "CHUNKED",
            "RFC 9112 §7",
            post(BODY, "TRANSFER-ENCODING: CHUNKED"),
            forwardedAs(chunked(BODY))),
        row(
            "no space before the value",
            "RFC 9112 §5",
            post(BODY, "Transfer-Encoding:chunked"),
            forwardedAs(chunked(BODY))),
        row(
            "tab and spaces around the value",
            "RFC 9112 §5",
            post(BODY, "Transfer-Encoding: \tchunked \t"),
            forwardedAs(chunked(BODY))),
        row(
            "a request after a chunked body",
            "RFC 9112 §9.3.2",
            chunked(BODY) + get("X: 2"),
            forwardedAs(chunked(BODY), get("X: 2"))),
        codings("chunked twice in a list", "Transfer-Encoding: chunked, chunked"),
        codings(
            "chunked twice in two lines",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: chunked"),
        codings("chunked and then identity", "Transfer-Encoding: chunked, identity"),
        codings(
            "chunked, and identity in a second line",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: identity"),
        codings(
            "identity, and chunked in a second line",
            "Transfer-Encoding: identity",
            "Transfer-Encoding: chunked"),
        codings("chunked and then gzip", "Transfer-Encoding: chunked, gzip"),
        codings(
            "chunked, and an empty second line",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding:"),
        codings("identity", "Transfer-Encoding: identity"),
        codings("gzip", "Transfer-Encoding: gzip"),
        codings("empty", "Transfer-Encoding:"),
        codings("an empty element after", "Transfer-Encoding: chunked,"),
        codings("an empty element before", "Transfer-Encoding: ,chunked"),
        codings("a parameter", "Transfer-Encoding: chunked;q=1"),
        codings("an empty parameter", "Transfer-Encoding: chunked;"),
        codings("quoted", "Transfer-Encoding: \"chunked\""),
        codings("in single quotes", "Transfer-Encoding: 'chunked'"),
        codings("xchunked", "Transfer-Encoding: xchunked"),
        codings("chunkedx", "Transfer-Encoding: chunkedx"),
        codings("chunk", "Transfer-Encoding: chunk"),
        codings("x chunked", "Transfer-Encoding: x chunked"),
        codings("vertical tab before", "Transfer-Encoding: \u000bchunked"),
        codings("form feed before", "Transfer-Encoding: \fchunked"),
        codings("NUL before", "Transfer-Encoding: \0chunked"),
        codings("NUL after", "Transfer-Encoding: chunked\0"),
        codings("high byte before", "Transfer-Encoding: \u00ffchunked"),
        codings("no-break space before", "Transfer-Encoding: \u00a0chunked"),
        codings("bare CR before", "Transfer-Encoding:\rchunked"),
        codings("bare LF before", "Transfer-Encoding:\nchunked"),
        codings("after a bare LF in another line", "X: y\nTransfer-Encoding: chunked"),
        codings("after a bare CR in another line", "X: y\rTransfer-Encoding: chunked"),
        codings("folded", "Transfer-Encoding:\r\n chunked"),
        codings("folded with a tab", "Transfer-Encoding:\r\n\tchunked"),
        codings("itself a fold", "X: y", " Transfer-Encoding: chunked"),
        codings("space before the colon", "Transfer-Encoding : chunked"),
        codings("tab before the colon", "Transfer-Encoding\t: chunked"),
        codings("vertical tab before the colon", "Transfer-Encoding\u000b: chunked"),
        codings("vertical tab before the name", "\u000bTransfer-Encoding: chunked"),
        codings("an empty name before", ": Transfer-Encoding: chunked"),
        row(
            "gzip and then chunked",
            "RFC 9112 §6.1; ours: only chunked is known",
            post(BODY + HIDDEN, "Transfer-Encoding: gzip, chunked"),
            refused(400, 501)),
        row(
            "gzip and then chunked in two lines",
            "RFC 9112 §6.1",
            post(BODY + HIDDEN, "Transfer-Encoding: gzip", "Transfer-Encoding: chunked"),
            refused(400, 501)),
        row(
            "identity and then chunked",
            "RFC 9112 §6.1; obsolete since RFC 7230",
            post(BODY + HIDDEN, "Transfer-Encoding: identity, chunked"),
            refused(400, 501)),
        both("Content-Length first", "Content-Length: 15", "Transfer-Encoding: chunked"),
        both("Transfer-Encoding first", "Transfer-Encoding: chunked", "Content-Length: 15"),
        both("with a length of 0", "Content-Length: 0", "Transfer-Encoding: chunked"),
        both("with other lines between", "Content-Length: 5", "X: y", "Transfer-Encoding: chunked"),
        both("in odd cases", "content-length: 5", "TRANSFER-ENCODING: CHUNKED"),
        both("with an unknown coding", "Content-Length: 5", "Transfer-Encoding: xchunked"),
        both("with identity", "Content-Length: 5", "Transfer-Encoding: identity"),
        both("with an empty coding", "Content-Length: 5", "Transfer-Encoding:"),
        both("with a bad length", "Content-Length: x", "Transfer-Encoding: chunked"),
        both("with GET", "Content-Length: 5", "Transfer-Encoding: chunked"),
        row(
            "in HTTP/1.0",
            "RFC 9112 §6.1",
            "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + BODY,
            refused(400)),
        row(
            "in HTTP/1.0 that is kept alive",
            "RFC 9112 §6.1",
            "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + BODY
                + HIDDEN,
            refused(400)),
        row(
            "in HTTP/1.0 with Content-Length",
            "RFC 9112 §6.1",
            "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 15\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + BODY,
            refused(400)),
        row(
            "TE is not Transfer-Encoding",
            "RFC 9110 §10.1.4",
            get("TE: chunked") + head("GET /2 HTTP/1.1"),
            forwardedAs(get(), head("GET /2 HTTP/1.1"))));
  }

  private static RequestRow codings(String name, String... lines) {
    return row(
        "Transfer-Encoding " + name,
        "RFC 9112 §6.1, §6.3",
        post(BODY + HIDDEN, lines),
        refused(400, 501));
  }

  private static RequestRow both(String name, String... lines) {
    return row(
        "Transfer-Encoding and Content-Length " + name,
        "RFC 9112 §6.3, §11.2",
        post(BODY + HIDDEN, lines),
        refused(400));
  }
}
