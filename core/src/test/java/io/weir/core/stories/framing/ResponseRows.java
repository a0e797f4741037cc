package io.weir.core.stories.framing;

import static io.weir.core.stories.framing.ResponseRow.bad;
import static io.weir.core.stories.framing.ResponseRow.broken;
import static io.weir.core.stories.framing.ResponseRow.chunked;
import static io.weir.core.stories.framing.ResponseRow.ok;
import static io.weir.core.stories.framing.ResponseRow.response;
import static io.weir.core.stories.framing.ResponseRow.row;
import static io.weir.core.stories.framing.ResponseRow.untouched;

import io.weir.core.stories.framing.ResponseRow.Broken;
import io.weir.core.stories.framing.ResponseRow.Relayed;
import java.util.ArrayList;
import java.util.List;

/** Answers of backends, good and bad. */
final class ResponseRows {
  private static final String CL5 = "Content-Length: 5";
  private static final String END = "0\r\n\r\n";
  private static final String HELLO = "5\r\nhello\r\n";
  private static final String OK = ok("hello", CL5);

  private ResponseRows() {}

  static List<ResponseRow> rows() {
    List<ResponseRow> rows = new ArrayList<>(bodies());
    rows.addAll(interim());
    rows.addAll(headers());
    rows.addAll(badStatusLines());
    rows.addAll(badHeaders());
    rows.addAll(badFraming());
    rows.addAll(brokenBodies());
    return rows;
  }

  private static List<ResponseRow> bodies() {
    return List.of(
        untouched("Content-Length", "RFC 9112 §6.3", OK),
        untouched("an empty body", "RFC 9112 §6.3", ok("", "Content-Length: 0")),
        untouched("chunked", "RFC 9112 §7.1", chunked(HELLO + END)),
        untouched(
            "chunked with trailer", "RFC 9112 §7.1.2", chunked(HELLO + "0\r\nX-Sum: 7\r\n\r\n")),
        row(
            "chunked with a trailer that Connection names",
            "RFC 9110 §7.6.1",
            ok(
                HELLO + "0\r\nX-HOP: 1\r\nX-Sum: 7\r\n\r\n",
                "Connection: keep-alive, x-hop",
                "Transfer-Encoding: chunked"),
            new Relayed(chunked(HELLO + "0\r\nX-Sum: 7\r\n\r\n"))),
        row(
            "chunked with extensions",
            "RFC 9112 §7.1.1",
            chunked("5;a=b;c=\"d\"\r\nhello\r\n0;e\r\n\r\n"),
            new Relayed(chunked(HELLO + END))),
        row(
            "Chunked",
            "RFC 9112 §7",
            ok(HELLO + END, "Transfer-Encoding: Chunked"),
            new Relayed(chunked(HELLO + END))),
        untouched("ended by close", "RFC 9112 §6.3", ok("hello")).thenCloses(),
        untouched("ended by close and empty", "RFC 9112 §6.3", ok("")).thenCloses(),
        row(
                "HTTP/1.0 ended by close",
                "RFC 9112 §2.3",
                response("HTTP/1.0 200 OK", "hello"),
                new Relayed(ok("hello")))
            .thenCloses(),
        row(
                "HTTP/1.0 with Content-Length",
                "RFC 9112 §2.3",
                response("HTTP/1.0 200 OK", "hello", CL5),
                new Relayed(OK))
            .thenCloses(),
        untouched("HEAD with the length of a GET", "RFC 9110 §9.3.2", ok("", CL5)).to("HEAD"),
        untouched("HEAD without a length", "RFC 9110 §9.3.2", ok("", "X: y")).to("HEAD"),
        row(
                "HEAD with chunked",
                "RFC 9112 §6.3",
                ok("", "Transfer-Encoding: chunked"),
                new Relayed(ok("")))
            .to("HEAD"),
        row("HEAD with a body all the same", "RFC 9112 §6.3", OK, new Relayed(ok("", CL5)))
            .withSurplus("hello")
            .to("HEAD"),
        untouched(
            "205 with content, which its backend must not send",
            "RFC 9110 §15.3.6; ours: it is framed as any other",
            response("HTTP/1.1 205 Reset Content", "hello", CL5)),
        row(
            "version 1.2 is as good as 1.1",
            "RFC 9110 §6.2",
            response("HTTP/1.2 200 OK", "hello", CL5),
            new Relayed(OK)),
        untouched(
            "status 600",
            "RFC 9110 §15; ours: passed on",
            response("HTTP/1.1 600 X", "hello", CL5)),
        untouched(
            "status 999",
            "RFC 9110 §15; ours: passed on",
            response("HTTP/1.1 999 X", "hello", CL5)),
        untouched("204", "RFC 9110 §15.3.5", response("HTTP/1.1 204 No Content", "")),
        row(
            "204 with a length",
            "RFC 9110 §8.6",
            response("HTTP/1.1 204 No Content", "", "Content-Length: 0"),
            new Relayed(response("HTTP/1.1 204 No Content", ""))),
        row(
                "204 and a body all the same",
                "RFC 9112 §6.3",
                response("HTTP/1.1 204 No Content", "hello"),
                new Relayed(response("HTTP/1.1 204 No Content", "")))
            .withSurplus("hello"),
        bad("204 that announces a body", response("HTTP/1.1 204 No Content", "hello", CL5)),
        bad(
            "204 in chunks; RFC 9112 §6.1: must not",
            response("HTTP/1.1 204 No Content", HELLO + END, "Transfer-Encoding: chunked")),
        bad(
            "204 in no chunk but the last; RFC 9112 §6.1: must not",
            response("HTTP/1.1 204 No Content", END, "Transfer-Encoding: chunked")),
        row(
            "304 that says that a 200 came in chunks",
            "RFC 9112 §6.1",
            response("HTTP/1.1 304 Not Modified", "", "Transfer-Encoding: chunked"),
            new Relayed(response("HTTP/1.1 304 Not Modified", ""))),
        untouched(
            "304", "RFC 9110 §15.4.5", response("HTTP/1.1 304 Not Modified", "", "ETag: \"x\"")),
        untouched(
            "304 with the length of a 200",
            "RFC 9110 §15.4.5",
            response("HTTP/1.1 304 Not Modified", "", CL5)),
        row(
                "304 with a body all the same",
                "RFC 9112 §6.3",
                response("HTTP/1.1 304 Not Modified", "hello", CL5),
                new Relayed(response("HTTP/1.1 304 Not Modified", "", CL5)))
            .withSurplus("hello"),
        untouched(
            "errors of the backend",
            "RFC 9110 §15.6.1",
            response("HTTP/1.1 500 Oh no", "hello", CL5)),
        untouched(
            "a status of its own", "RFC 9110 §15", response("HTTP/1.1 299 Fine", "hello", CL5)),
        row("more than Content-Length", "RFC 9112 §6.3", ok("hello, world", CL5), new Relayed(OK))
            .withSurplus(", world"),
        row("a second response", "RFC 9112 §6.3", OK + ok("evil!", CL5), new Relayed(OK))
            .withSurplus(ok("evil!", CL5)));
  }

  private static List<ResponseRow> interim() {
    String hints = response("HTTP/1.1 103 Early Hints", "", "Link: </x.css>; rel=preload");
    String processing = response("HTTP/1.1 102 Processing", "");
    return List.of(
        untouched("103 before 200", "RFC 9110 §15.2", hints + OK),
        untouched(
            "several interim ones in order",
            "RFC 9110 §15.2",
            processing + hints + processing + OK),
        untouched(
            "100 that nobody asked for",
            "RFC 9110 §15.2",
            response("HTTP/1.1 100 Continue", "") + OK),
        bad(
            "101 without an upgrade",
            response("HTTP/1.1 101 Switching Protocols", "", "Upgrade: x", "Connection: Upgrade")
                + OK),
        bad(
            "103 in chunks; RFC 9112 §6.1: must not",
            response("HTTP/1.1 103 Early Hints", END, "Transfer-Encoding: chunked") + OK),
        bad(
            "100 in chunks; RFC 9112 §6.1: must not",
            response("HTTP/1.1 100 Continue", HELLO + END, "Transfer-Encoding: chunked") + OK),
        row(
            "103 with a length of 0",
            "RFC 9110 §8.6; it says nothing else",
            response("HTTP/1.1 103 Early Hints", "", "Content-Length: 0", "Link: </x>") + OK,
            new Relayed(response("HTTP/1.1 103 Early Hints", "", "Link: </x>") + OK)),
        row(
            "103 with what Connection names",
            "RFC 9110 §7.6.1",
            response("HTTP/1.1 103 Early Hints", "", "Connection: X-Hop", "X-Hop: 1", "Link: </x>")
                + OK,
            new Relayed(response("HTTP/1.1 103 Early Hints", "", "Link: </x>") + OK)),
        row(
            "103 that says close",
            "RFC 9110 §7.6.1",
            response("HTTP/1.1 103 Early Hints", "", "Connection: close", "Link: </x>") + OK,
            new Relayed(response("HTTP/1.1 103 Early Hints", "", "Link: </x>") + OK)),
        untouched("as many interim ones as may be", "ours", processing.repeat(64) + OK),
        row("interim ones without end", "ours", processing.repeat(65) + OK, new Broken()),
        row(
            "103 of HTTP/1.0",
            "RFC 9110 §15.2",
            response("HTTP/1.0 103 Early Hints", "", "Link: </x>") + OK,
            new Relayed(response("HTTP/1.1 103 Early Hints", "", "Link: </x>") + OK)),
        broken("103 and then nothing", hints),
        broken("103 with a body", response("HTTP/1.1 103 Early Hints", "hello", CL5)),
        broken("103 and then garbage", hints + "hello\r\n\r\n"));
  }

  private static List<ResponseRow> headers() {
    return List.of(
        untouched(
            "end-to-end fields in order",
            "RFC 9110 §5.3",
            ok(
                "hello",
                "Server: x/1",
                "Set-Cookie: a=b; Path=/",
                CL5,
                "Set-Cookie: c=d",
                "Date: Sun, 06 Nov 1994 08:49:37 GMT",
                "ETag: \"x\"",
                "Vary: a",
                "Vary: b")),
        untouched("high bytes", "RFC 9110 §5.5", ok("hello", "X: \u00e4\u00ff", CL5)),
        untouched("empty value", "RFC 9110 §5.5", ok("hello", "X:", CL5)),
        untouched("no reason", "RFC 9112 §4", response("HTTP/1.1 200 ", "hello", CL5)),
        untouched(
            "high bytes in the reason",
            "RFC 9112 §4",
            response("HTTP/1.1 200 \u00e4", "hello", CL5)),
        row(
            "no space before the missing reason",
            "ours: some servers send it",
            response("HTTP/1.1 200", "hello", CL5),
            new Relayed(response("HTTP/1.1 200 ", "hello", CL5))),
        row(
            "Connection: close",
            "RFC 9112 §9.6; it is not about the client",
            ok("hello", "Connection: close", CL5),
            new Relayed(OK)),
        row(
            "what Connection names",
            "RFC 9110 §7.6.1",
            ok("hello", "Connection: X-Hop", "X-Hop: 1", CL5),
            new Relayed(OK)),
        row(
            "Keep-Alive and Proxy-Connection",
            "RFC 9110 §7.6.1",
            ok("hello", "Keep-Alive: timeout=5", "Proxy-Connection: keep-alive", CL5),
            new Relayed(OK)),
        row(
            "Upgrade",
            "RFC 9110 §7.6.1; no upgrade is passed on",
            ok("hello", "Upgrade: h2c", "Connection: Upgrade", CL5),
            new Relayed(OK)),
        row(
            "Connection cannot take away Content-Length",
            "RFC 9110 §7.6.1",
            ok("hello", "Connection: Content-Length", CL5),
            new Relayed(OK)),
        row(
            "Connection cannot take away Date",
            "RFC 9110 §6.6.1",
            ok("hello", "Connection: Date", "Date: Sun, 06 Nov 1994 08:49:37 GMT", CL5),
            new Relayed(ok("hello", "Date: Sun, 06 Nov 1994 08:49:37 GMT", CL5))),
        row(
            "a forbidden trailer",
            "RFC 9110 §6.5.1",
            chunked(
                HELLO + "0\r\nX-Sum: 7\r\nContent-Length: 3\r\nTransfer-Encoding: gzip\r\n\r\n"),
            new Relayed(chunked(HELLO + "0\r\nX-Sum: 7\r\n\r\n"))));
  }

  private static List<ResponseRow> badStatusLines() {
    return List.of(
        bad("nothing at all", "").thenCloses(),
        bad("garbage", "hello\r\n\r\n"),
        bad("a head that breaks off", "HTTP/1.1 200 OK\r\nX: y\r\n").thenCloses(),
        bad("a status line that breaks off", "HTTP/1.1 20").thenCloses(),
        bad("an empty line before", "\r\n" + OK),
        bad("a space before", " " + OK),
        bad("two digits", statusLine("HTTP/1.1 20 OK")),
        bad("four digits", statusLine("HTTP/1.1 2000 OK")),
        bad("letters for digits", statusLine("HTTP/1.1 2oo OK")),
        bad("a negative status", statusLine("HTTP/1.1 -20 OK")),
        bad("status 000", statusLine("HTTP/1.1 000 OK")),
        bad("status 099", statusLine("HTTP/1.1 099 OK")),
        bad("no space after the version", statusLine("HTTP/1.1200 OK")),
        bad("two spaces after the version", statusLine("HTTP/1.1  200 OK")),
        bad("a tab after the version", statusLine("HTTP/1.1\t200 OK")),
        bad("no space after the status", statusLine("HTTP/1.1 200OK")),
        bad("version 2.0", statusLine("HTTP/2.0 200 OK")),
        bad("version 0.9", statusLine("HTTP/0.9 200 OK")),
        bad("version in lower case", statusLine("http/1.1 200 OK")),
        bad("another protocol", statusLine("ICY 200 OK")),
        bad("NUL in the reason", statusLine("HTTP/1.1 200 \0")),
        bad("bare CR in the reason", statusLine("HTTP/1.1 200 a\rb")),
        bad("bare LF at the end", "HTTP/1.1 200 OK\n" + "Content-Length: 5\r\n\r\nhello"));
  }

  private static List<ResponseRow> badHeaders() {
    return List.of(
        bad(
            "folded; RFC 9112 §5.2: 502 or unfolded, ours the first",
            ok("hello", CL5, "X: a", " b")),
        bad("folded with a tab", ok("hello", CL5, "X: a", "\tb")),
        bad("space before the colon; RFC 9112 §5.1: not forwarded", ok("hello", CL5, "X : y")),
        bad("space before the first line", ok("hello", " X: y", CL5)),
        bad("no name", ok("hello", CL5, ": y")),
        bad("no colon", ok("hello", CL5, "foo")),
        bad("space in a name", ok("hello", CL5, "X Y: z")),
        bad("control byte in a name", ok("hello", CL5, "X\u0001: z")),
        bad("high byte in a name", ok("hello", CL5, "X\u00e4: z")),
        bad("NUL in a value", ok("hello", CL5, "X: \0")),
        bad("control byte in a value", ok("hello", CL5, "X: a\u0001b")),
        bad("bare CR in a value", ok("hello", CL5, "X: a\rSet-Cookie: b=c")),
        bad("CR CR LF", ok("hello", CL5, "X: a\r")),
        bad("bare LF in a value", ok("hello", CL5, "X: a\nSet-Cookie: b=c")),
        bad("bare LF ends the head", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\nhello"),
        bad("a value of 2 MB", ok("hello", CL5, "X: " + "y".repeat(2_000_000))));
  }

  private static List<ResponseRow> badFraming() {
    return List.of(
        framing("twice, different", CL5, "Content-Length: 6"),
        framing("twice, equal; ours: as strict as with requests", CL5, CL5),
        framing("a list", "Content-Length: 5, 5"),
        framing("empty", "Content-Length:"),
        framing("with a plus", "Content-Length: +5"),
        framing("negative", "Content-Length: -5"),
        framing("with letters", "Content-Length: 5x"),
        framing("hexadecimal", "Content-Length: 0x5"),
        framing("beyond a long", "Content-Length: 18446744073709551621"),
        framing("and chunked", CL5, "Transfer-Encoding: chunked"),
        framing("after chunked", "Transfer-Encoding: chunked", CL5),
        framing("and identity", CL5, "Transfer-Encoding: identity"),
        framing("missing: chunked twice", "Transfer-Encoding: chunked, chunked"),
        framing(
            "missing: chunked in two lines",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: chunked"),
        framing("missing: chunked, then gzip", "Transfer-Encoding: chunked, gzip"),
        framing("missing: gzip, then chunked", "Transfer-Encoding: gzip, chunked"),
        framing("missing: gzip", "Transfer-Encoding: gzip"),
        framing("missing: identity", "Transfer-Encoding: identity"),
        framing("missing: xchunked", "Transfer-Encoding: xchunked"),
        framing("missing: an empty coding", "Transfer-Encoding:"),
        framing("missing: a vertical tab before chunked", "Transfer-Encoding: \u000bchunked"),
        bad(
            "chunked in HTTP/1.0",
            response("HTTP/1.0 200 OK", HELLO + END, "Transfer-Encoding: chunked")));
  }

  private static List<ResponseRow> brokenBodies() {
    return List.of(
        broken("less than Content-Length", ok("hell", CL5)),
        broken("nothing of Content-Length", ok("", CL5)),
        broken("no last chunk", chunked(HELLO)),
        broken("no end of the trailers", chunked(HELLO + "0\r\n")),
        broken("half a chunk", chunked("5\r\nhel")),
        broken("no line end after the data", chunked("5\r\nhello" + END)),
        broken("chunk size with 0x", chunked("0x5\r\nhello\r\n" + END)),
        broken("chunk size negative", chunked("-5\r\nhello\r\n" + END)),
        broken("chunk size empty", chunked("\r\nhello\r\n" + END)),
        broken("chunk size that overflows", chunked("10000000000000005\r\nhello\r\n" + END)),
        broken("chunk size of all ones", chunked("FFFFFFFFFFFFFFFF\r\nhello\r\n" + END)),
        broken("chunk size with a space", chunked("5 \r\nhello\r\n" + END)),
        broken("chunk size with bare LF", chunked("5\nhello\r\n" + END)),
        broken("chunk data with bare LF", chunked("5\r\nhello\n" + END)),
        broken("chunk with more data", chunked("5\r\nhello!\r\n" + END)),
        broken("extension with bare CR", chunked("5;a\rb\r\nhello\r\n" + END)),
        broken("extension with bare LF", chunked("5;a\nhello\r\n" + END)),
        broken("a good chunk, then a bad one", chunked(HELLO + "x\r\nhello\r\n" + END)),
        broken("a bad trailer", chunked(HELLO + "0\r\nX : y\r\n\r\n")),
        broken("a folded trailer", chunked(HELLO + "0\r\nX: a\r\n b\r\n\r\n")));
  }

  private static String statusLine(String statusLine) {
    return response(statusLine, "hello", CL5);
  }

  private static ResponseRow framing(String name, String... lines) {
    return bad("Content-Length " + name, ok(HELLO + END, lines));
  }
}
