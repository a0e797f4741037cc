package io.weir.core.stories.framing;

import static io.weir.core.stories.framing.RequestRow.answered;
import static io.weir.core.stories.framing.RequestRow.forwardedAs;
import static io.weir.core.stories.framing.RequestRow.get;
import static io.weir.core.stories.framing.RequestRow.head;
import static io.weir.core.stories.framing.RequestRow.refused;
import static io.weir.core.stories.framing.RequestRow.row;
import static io.weir.core.stories.framing.RequestRow.untouched;

import java.util.List;

/** Method, white space and version of the request line, and what may come before it. */
final class RequestLineRows {
  private static final String REST = "\r\nHost: a\r\n\r\n";

  private RequestLineRows() {}

  static List<RequestRow> rows() {
    return List.of(
        untouched("plain", "RFC 9112 §3", get()),
        row("one empty line before", "RFC 9112 §2.2", "\r\n" + get(), forwardedAs(get())),
        row(
            "two empty lines before",
            "ours: RFC 9112 §2.2 asks for one",
            "\r\n\r\n" + get(),
            refused(400)),
        row(
            "three empty lines before",
            "ours: RFC 9112 §2.2 asks for one",
            "\r\n\r\n\r\n" + get(),
            refused(400)),
        row("bare LF before", "RFC 9112 §2.2", "\n" + get(), refused(400)),
        row("bare CR before", "RFC 9112 §2.2", "\r" + get(), refused(400)),
        row("space before", "RFC 9112 §3", " " + get(), refused(400)),
        row("NUL before", "RFC 9112 §2.2", "\0" + get(), refused(400)),
        row("UTF-8 mark before", "RFC 9112 §2.2", "\u00ef\u00bb\u00bf" + get(), refused(400)),
        row("two spaces after the method", "RFC 9112 §3", "GET  / HTTP/1.1" + REST, refused(400)),
        row("two spaces before the version", "RFC 9112 §3", "GET /  HTTP/1.1" + REST, refused(400)),
        row("space at the end", "RFC 9112 §3", "GET / HTTP/1.1 " + REST, refused(400)),
        row("tab after the method", "RFC 9112 §3", "GET\t/ HTTP/1.1" + REST, refused(400)),
        row("tab before the version", "RFC 9112 §3", "GET /\tHTTP/1.1" + REST, refused(400)),
        row("vertical tab as separator", "RFC 9112 §3", "GET\u000b/ HTTP/1.1" + REST, refused(400)),
        row("form feed as separator", "RFC 9112 §3", "GET\f/ HTTP/1.1" + REST, refused(400)),
        row("bare CR as separator", "RFC 9112 §3", "GET\r/ HTTP/1.1" + REST, refused(400)),
        row(
            "no-break space as separator",
            "RFC 9112 §3",
            "GET\u00a0/ HTTP/1.1" + REST,
            refused(400)),
        row("bare CR at the end", "RFC 9112 §2.2", "GET / HTTP/1.1\r" + REST, refused(400)),
        row(
            "bare LF ends the request line",
            "RFC 9112 §2.2; ours: as strict as §11.2 advises",
            "GET / HTTP/1.1\nHost: a\r\n\r\n",
            refused(400)),
        row("bare LF everywhere", "RFC 9112 §2.2", "GET / HTTP/1.1\nHost: a\n\n", refused(400)),
        row("four words", "RFC 9112 §3", "GET / x HTTP/1.1" + REST, refused(400)),
        row("no target", "RFC 9112 §3", "GET HTTP/1.1" + REST, refused(400)),
        row("no target but its spaces", "RFC 9112 §3", "GET  HTTP/1.1" + REST, refused(400)),
        row("no method", "RFC 9112 §3.1", " / HTTP/1.1" + REST, refused(400)),
        row("garbage", "RFC 9112 §3", "hello\r\n\r\n", refused(400)),
        row(
            "a TLS ClientHello",
            "RFC 9112 §3",
            "\u0016\u0003\u0001\0\u0005\u0001\0\0\u0001\0\r\n\r\n",
            refused(400)),
        row("HTTP/0.9 simple request", "RFC 9112 §2.3", "GET /\r\n\r\n", refused(400)),
        row("HTTP/0.9 by name", "RFC 9110 §2.5", "GET / HTTP/0.9" + REST, refused(400, 505)),
        row("version in lower case", "RFC 9112 §2.3", "GET / http/1.1" + REST, refused(400)),
        row("version of two digits", "RFC 9112 §2.3", "GET / HTTP/1.10" + REST, refused(400)),
        row("version with leading zero", "RFC 9112 §2.3", "GET / HTTP/01.1" + REST, refused(400)),
        row("version without dot", "RFC 9112 §2.3", "GET / HTTP/11" + REST, refused(400)),
        row("version without minor", "RFC 9112 §2.3", "GET / HTTP/1." + REST, refused(400)),
        row("version with sign", "RFC 9112 §2.3", "GET / HTTP/+1.1" + REST, refused(400)),
        row("another protocol", "RFC 9112 §2.3", "GET / RTSP/1.0" + REST, refused(400)),
        row(
            "version 1.2 is as good as 1.1",
            "RFC 9110 §6.2",
            "GET / HTTP/1.2" + REST,
            forwardedAs(get())),
        row("version 2.0", "RFC 9110 §15.6.6", "GET / HTTP/2.0" + REST, refused(505)),
        row("version 9.9", "RFC 9110 §15.6.6", "GET / HTTP/9.9" + REST, refused(505)),
        row(
            "the preface of HTTP/2",
            "RFC 9110 §15.6.6",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            refused(400, 505)),
        untouched("a method of its own", "RFC 9110 §9.1", head("PURGE / HTTP/1.1")),
        untouched("methods are case-sensitive", "RFC 9110 §9.1", head("get / HTTP/1.1")),
        untouched("every token character", "RFC 9110 §5.6.2", head("M!#$%&'*+-.^_`|~9 / HTTP/1.1")),
        row("separator in the method", "RFC 9112 §3.1", head("GE(T / HTTP/1.1"), refused(400)),
        row("colon in the method", "RFC 9112 §3.1", head("Host: / HTTP/1.1"), refused(400)),
        row(
            "control byte in the method",
            "RFC 9112 §3.1",
            head("G\u0001T / HTTP/1.1"),
            refused(400)),
        row("NUL in the method", "RFC 9112 §3.1", head("GET\0 / HTTP/1.1"), refused(400)),
        row("high byte in the method", "RFC 9112 §3.1", head("G\u00cbT / HTTP/1.1"), refused(400)),
        row(
            "a method of 20,000 bytes",
            "RFC 9112 §3",
            head("M".repeat(20_000) + " / HTTP/1.1"),
            refused(400, 414, 431, 501)),
        row(
            "CONNECT",
            "RFC 9110 §9.3.6; ours: no tunnels",
            "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
            refused(405)),
        row(
            "CONNECT with a length",
            "RFC 9110 §9.3.6; ours: no tunnels",
            "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nContent-Length: 5\r\n\r\nhello",
            refused(405)),
        row(
            "CONNECT with chunks",
            "RFC 9110 §9.3.6; ours: no tunnels",
            "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            refused(405)),
        row(
            "CONNECT with a path",
            "RFC 9112 §3.2.3",
            head("CONNECT / HTTP/1.1"),
            refused(400, 405)),
        row(
            "Max-Forwards is counted down",
            "RFC 9110 §7.6.2",
            head("OPTIONS / HTTP/1.1", "Max-Forwards: 5"),
            forwardedAs(head("OPTIONS / HTTP/1.1", "Max-Forwards: 4"))),
        row(
            "Max-Forwards that loses a digit",
            "RFC 9110 §7.6.2",
            head("OPTIONS / HTTP/1.1", "Max-Forwards: 10"),
            forwardedAs(head("OPTIONS / HTTP/1.1", "Max-Forwards: 09"))),
        row(
            "Max-Forwards that is larger than anybody counts",
            "RFC 9110 §7.6.2",
            head("OPTIONS / HTTP/1.1", "Max-Forwards: 99999999999"),
            forwardedAs(head("OPTIONS / HTTP/1.1", "Max-Forwards: 00999999998"))),
        untouched(
            "Max-Forwards that is no number",
            "RFC 9110 §7.6.2",
            head("OPTIONS / HTTP/1.1", "Max-Forwards: abc")),
        row(
            "Max-Forwards 0 in many digits",
            "RFC 9110 §7.6.2",
            head("OPTIONS / HTTP/1.1", "Max-Forwards: 0000000000"),
            answered(200, 204)),
        row(
            "Max-Forwards 0 behind another",
            "RFC 9110 §7.6.2",
            head("OPTIONS / HTTP/1.1", "Max-Forwards: 5", "Max-Forwards: 0"),
            answered(200, 204)),
        row(
            "Max-Forwards 0 goes no further",
            "RFC 9110 §7.6.2",
            head("OPTIONS / HTTP/1.1", "Max-Forwards: 0"),
            answered(200, 204)),
        untouched(
            "a TRACE that may go as far as it likes", "RFC 9110 §9.3.8", head("TRACE / HTTP/1.1")),
        row(
            "a TRACE that may go further",
            "RFC 9110 §7.6.2",
            head("TRACE / HTTP/1.1", "Max-Forwards: 1"),
            forwardedAs(head("TRACE / HTTP/1.1", "Max-Forwards: 0"))),
        row(
            "a TRACE that may go no further",
            "RFC 9110 §9.3.8; ours: it is not reflected",
            head("TRACE / HTTP/1.1", "Max-Forwards: 0", "Cookie: secret"),
            refused(405)));
  }
}
