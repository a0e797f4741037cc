package io.weir.core.stories.framing;

import static io.weir.core.stories.framing.RequestRow.forwardedAs;
import static io.weir.core.stories.framing.RequestRow.get;
import static io.weir.core.stories.framing.RequestRow.head;
import static io.weir.core.stories.framing.RequestRow.post;
import static io.weir.core.stories.framing.RequestRow.refused;
import static io.weir.core.stories.framing.RequestRow.row;
import static io.weir.core.stories.framing.RequestRow.untouched;

import java.util.List;
import java.util.stream.IntStream;

/** The syntax of header lines, their number and size. */
final class HeaderLineRows {
  private HeaderLineRows() {}

  static List<RequestRow> rows() {
    return List.of(
        untouched("no space after the colon", "RFC 9112 §5", get("X:y")),
        untouched("white space around a value", "RFC 9112 §5", get("X: \t y \t ")),
        untouched("empty value", "RFC 9110 §5.5", get("X:")),
        untouched("value of only spaces", "RFC 9110 §5.5", get("X:   ")),
        untouched("tab inside of a value", "RFC 9110 §5.5", get("X: a\tb")),
        untouched("high bytes in a value", "RFC 9110 §5.5 obs-text", get("X: \u00e4\u0080\u00ff")),
        untouched("colons in a value", "RFC 9110 §5.5", get("X: a:b::c")),
        untouched(
            "every token character in a name", "RFC 9110 §5.6.2", get("x!#$%&'*+-.^_`|~9: y")),
        untouched("an underscore is no dash", "RFC 9110 §5.1", get("Content_Type: a/b", "X_Y: z")),
        row(
            "an underscore in the name of a length is none",
            "ours: CGI cannot tell the two",
            post("", "Content_Length: 5", "Content-Length: 0", "Transfer_Encoding: chunked"),
            forwardedAs(post("", "Content-Length: 0"))),
        untouched("the same name twice, in order", "RFC 9110 §5.3", get("X: 1", "X: 2", "x: 3")),
        row("space before the colon", "RFC 9112 §5.1", get("X : y"), refused(400)),
        row("tab before the colon", "RFC 9112 §5.1", get("X\t: y"), refused(400)),
        row(
            "space before the colon of Host",
            "RFC 9112 §5.1",
            "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
            refused(400)),
        row(
            "space before the first line",
            "RFC 9112 §2.2",
            "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
            refused(400)),
        row(
            "an empty line with a space first",
            "RFC 9112 §2.2",
            "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n",
            refused(400)),
        row("folded with a space", "RFC 9112 §5.2", get("X: a\r\n b"), refused(400)),
        row("folded with a tab", "RFC 9112 §5.2", get("X: a\r\n\tb"), refused(400)),
        row("folded into nothing", "RFC 9112 §5.2", get("X: a\r\n "), refused(400)),
        row("folded Host", "RFC 9112 §5.2", "GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n", refused(400)),
        row("no name", "RFC 9112 §5", get(": y"), refused(400)),
        row("no colon", "RFC 9112 §5", get("foo"), refused(400)),
        row("space in a name", "RFC 9110 §5.1", get("X Y: z"), refused(400)),
        row("parenthesis in a name", "RFC 9110 §5.1", get("X(: z"), refused(400)),
        row("quote in a name", "RFC 9110 §5.1", get("\"X\": z"), refused(400)),
        row("at sign in a name", "RFC 9110 §5.1", get("X@Y: z"), refused(400)),
        row("comma in a name", "RFC 9110 §5.1", get("X,Y: z"), refused(400)),
        row("slash in a name", "RFC 9110 §5.1", get("X/Y: z"), refused(400)),
        row("pseudo header", "RFC 9110 §5.1", get(":authority: a"), refused(400)),
        row("control byte in a name", "RFC 9110 §5.1", get("X\u0001: z"), refused(400)),
        row("vertical tab before a name", "RFC 9110 §5.1", get("\u000bX: z"), refused(400)),
        row("NUL in a name", "RFC 9110 §5.1", get("X\0: z"), refused(400)),
        row("high byte in a name", "RFC 9110 §5.1", get("X\u00e4: z"), refused(400)),
        row("no-break space in a name", "RFC 9110 §5.1", get("X\u00a0: z"), refused(400)),
        row("NUL in a value", "RFC 9110 §5.5", get("X: a\0b"), refused(400)),
        row(
            "control byte in a value",
            "RFC 9110 §5.5; ours: refused, not replaced",
            get("X: a\u0001b"),
            refused(400)),
        row("vertical tab in a value", "RFC 9110 §5.5", get("X: a\u000bb"), refused(400)),
        row("form feed in a value", "RFC 9110 §5.5", get("X: a\fb"), refused(400)),
        row("escape in a value", "RFC 9110 §5.5", get("X: a\u001b[1m"), refused(400)),
        row("DEL in a value", "RFC 9110 §5.5", get("X: a\u007f"), refused(400)),
        row("bare CR in a value", "RFC 9112 §2.2", get("X: a\rb"), refused(400)),
        row("bare CR that hides a line", "RFC 9112 §2.2", get("X: a\rY: b"), refused(400)),
        row("CR CR LF", "RFC 9112 §2.2", get("X: a\r"), refused(400)),
        row("bare CR at the start of a value", "RFC 9112 §2.2", get("X:\ra"), refused(400)),
        row("bare LF ends a line", "RFC 9112 §2.2", get("X: a\nY: b"), refused(400)),
        row(
            "bare LF ends the last line",
            "RFC 9112 §2.2",
            "GET / HTTP/1.1\r\nHost: a\n\r\n",
            refused(400)),
        row(
            "bare LF ends the head",
            "RFC 9112 §2.2",
            "GET / HTTP/1.1\r\nHost: a\r\n\n",
            refused(400)),
        row(
            "CR and no LF ends the head",
            "RFC 9112 §2.2",
            "GET / HTTP/1.1\r\nHost: a\r\n\rGET /smuggled HTTP/1.1\r\n\r\n",
            refused(400)),
        row("LF CR for CR LF", "RFC 9112 §2.2", "GET / HTTP/1.1\n\rHost: a\n\r\n\r", refused(400)),
        untouched("99 lines beside Host", "ours: limits.headers is 100", get(lines(99))),
        row("100 lines beside Host", "RFC 6585 §5", get(lines(100)), refused(431)),
        row(
            "a value of 20,000 bytes",
            "RFC 6585 §5",
            get("X: " + "y".repeat(20_000)),
            refused(431)),
        row("a name of 20,000 bytes", "RFC 6585 §5", get("x".repeat(20_000) + ": y"), refused(431)),
        row(
            "many lines, 20,000 bytes together",
            "RFC 6585 §5",
            get(
                IntStream.range(0, 50)
                    .mapToObj(i -> "X" + i + ": " + "y".repeat(400))
                    .toArray(String[]::new)),
            refused(431)),
        row(
            "GET with the keys of an early WebSocket draft has no body",
            "RFC 9112 §6.3",
            get("Sec-WebSocket-Key1: 1", "Sec-WebSocket-Key2: 2") + head("GET /2 HTTP/1.1"),
            forwardedAs(
                get("Sec-WebSocket-Key1: 1", "Sec-WebSocket-Key2: 2"), head("GET /2 HTTP/1.1"))),
        row(
            "the same with an upgrade",
            "RFC 9112 §6.3",
            get(
                    "Upgrade: WebSocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Key1: 1",
                    "Sec-WebSocket-Key2: 2")
                + head("GET /2 HTTP/1.1"),
            forwardedAs(
                get(
                    "Upgrade: websocket",
                    "Connection: upgrade",
                    "Sec-WebSocket-Key1: 1",
                    "Sec-WebSocket-Key2: 2"),
                head("GET /2 HTTP/1.1"))));
  }

  private static String[] lines(int count) {
    return IntStream.range(0, count).mapToObj(i -> "X" + i + ": y").toArray(String[]::new);
  }
}
