package io.weir.core.stories.framing;

import static io.weir.core.stories.framing.RequestRow.chunked;
import static io.weir.core.stories.framing.RequestRow.forwardedAs;
import static io.weir.core.stories.framing.RequestRow.forwardedThenClosed;
import static io.weir.core.stories.framing.RequestRow.forwardedThenRefused;
import static io.weir.core.stories.framing.RequestRow.get;
import static io.weir.core.stories.framing.RequestRow.head;
import static io.weir.core.stories.framing.RequestRow.post;
import static io.weir.core.stories.framing.RequestRow.refused;
import static io.weir.core.stories.framing.RequestRow.row;
import static io.weir.core.stories.framing.RequestRow.untouched;

import java.util.List;

/** What an intermediary takes away and adds, and several requests on one connection. */
final class ForwardingRows {
  private static final String HELLO = "5\r\nhello\r\n0\r\n\r\n";

  private ForwardingRows() {}

  static List<RequestRow> rows() {
    return List.of(
        row(
            "Connection: close",
            "RFC 9112 §9.6",
            get("Connection: close"),
            forwardedThenClosed(get())),
        row(
            "Connection: Close",
            "RFC 9110 §7.6.1",
            get("Connection: Close"),
            forwardedThenClosed(get())),
        row(
            "Connection: keep-alive, close",
            "RFC 9112 §9.3",
            get("Connection: keep-alive, close"),
            forwardedThenClosed(get())),
        row(
            "Connection: keep-alive",
            "RFC 9110 §7.6.1",
            get("Connection: keep-alive"),
            forwardedAs(get())),
        gone("what Connection names", "Connection: X-Hop", "X-Hop: 1"),
        gone("what Connection names, in any case", "connection: x-hOP", "X-Hop: 1"),
        gone("what Connection names before it is seen", "X-Hop: 1", "Connection: X-Hop"),
        gone(
            "all that Connection names",
            "Connection: keep-alive , X-Hop,,X-Hop2",
            "X-Hop: 1",
            "x-hop2: 1",
            "X-Hop: 2"),
        gone(
            "what several Connections name",
            "Connection: X-Hop",
            "X-Hop: 1",
            "Connection: X-Hop2",
            "X-Hop2: 2"),
        goneBehind(
            "what Connection names", "X-Hop: 1\r\nX-Sum: 7\r\nx-hop: 2", "Connection: x-hOP"),
        goneBehind(
            "what the last of several Connections names",
            "X-Sum: 7\r\nX-Hop: 1",
            "Connection: keep-alive, a",
            "X-Hop: 1",
            "Connection: b,, X-Hop"),
        row(
            "trailers of a Connection that names too much are not forwarded",
            "ours: nothing is compared for long",
            trailing("X-Sum: 7", "Connection: " + "a, ".repeat(32) + "X-Hop"),
            forwardedAs(chunked(HELLO))),
        gone("Keep-Alive", "Keep-Alive: timeout=5"),
        gone("Proxy-Connection", "Proxy-Connection: keep-alive"),
        gone("TE", "TE: gzip, deflate;q=0.5", "Connection: TE"),
        gone("TE that Connection does not name", "TE: gzip"),
        row(
            "an upgrade to WebSocket",
            "RFC 9110 §7.8",
            get("Upgrade: WebSocket", "Connection: keep-alive, Upgrade"),
            forwardedAs(get("Upgrade: websocket", "Connection: upgrade"))),
        gone("an upgrade that Connection does not name", "Upgrade: websocket"),
        goneInHttp10("an upgrade to WebSocket", "Upgrade: websocket"),
        goneInHttp10("an upgrade to something else", "Upgrade: foo/2"),
        gone(
            "an upgrade to HTTP/2",
            "Connection: Upgrade, HTTP2-Settings",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"),
        kept("Host", get("Connection: Host"), get()),
        kept(
            "Content-Length",
            post("hello", "Connection: Content-Length", "Content-Length: 5"),
            post("hello", "Content-Length: 5")),
        kept(
            "Transfer-Encoding",
            post(HELLO, "Connection: Transfer-Encoding", "Transfer-Encoding: chunked"),
            chunked(HELLO)),
        kept(
            "X-Forwarded-For",
            get("Connection: X-Forwarded-For"),
            get("X-Forwarded-For: 127.0.0.1")),
        kept(
            "X-Forwarded-Proto",
            get("Connection: close, X-Forwarded-Proto"),
            get("X-Forwarded-Proto: http")),
        kept("Via", get("Connection: Via", "Via: 1.0 fred"), get("Via: 1.0 fred, 1.1 weir")),
        kept(
            "Expect",
            post("hello", "Connection: Expect", "Content-Length: 5", "Expect: 100-continue"),
            post("hello", "Content-Length: 5", "Expect: 100-continue")),
        kept(
            "Date",
            get("Connection: Date", "Date: Sun, 06 Nov 1994 08:49:37 GMT"),
            get("Date: Sun, 06 Nov 1994 08:49:37 GMT")),
        row("Via is added", "RFC 9110 §7.6.3", get(), forwardedAs(get("Via: 1.1 weir"))),
        row(
            "Via is appended",
            "RFC 9110 §7.6.3",
            get("Via: 1.0 fred, 1.1 p.example"),
            forwardedAs(get("Via: 1.0 fred, 1.1 p.example, 1.1 weir"))),
        row(
            "Via names the version that came",
            "RFC 9110 §7.6.3",
            "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
            forwardedThenClosed(get("Via: 1.0 weir"))),
        row(
            "the client's address, scheme and host",
            "ours",
            get(),
            forwardedAs(
                get(
                    "X-Forwarded-For: 127.0.0.1",
                    "X-Forwarded-Proto: http",
                    "X-Forwarded-Host: a"))),
        row(
            "X-Forwarded-For of a stranger",
            "ours: none is trusted",
            get("X-Forwarded-For: 192.0.2.1", "x-forwarded-for: 192.0.2.2"),
            forwardedAs(get("X-Forwarded-For: 127.0.0.1"))),
        row(
            "X-Forwarded-Proto of a stranger",
            "ours",
            get("X-Forwarded-Proto: https"),
            forwardedAs(get("X-Forwarded-Proto: http"))),
        row(
            "X-Forwarded-Host of a stranger",
            "ours",
            get("X-Forwarded-Host: evil"),
            forwardedAs(get("X-Forwarded-Host: a"))),
        gone("Forwarded of a stranger", "Forwarded: for=192.0.2.1;host=evil"),
        gone("X-Real-IP of a stranger", "X-Real-IP: 192.0.2.1"),
        gone("X-Forwarded-Port of a stranger", "X-Forwarded-Port: 1"),
        gone("X-Forwarded-Prefix of a stranger", "X-Forwarded-Prefix: /evil"),
        gone("X-Forwarded-Anything of a stranger", "X-FORWARDED-ANYTHING: x"),
        mistakable("X_Forwarded_For", "X_Forwarded_For: 192.0.2.1", "x_forwarded-for: 192.0.2.2"),
        mistakable("X_Forwarded_Proto", "X_FORWARDED_PROTO: https", "X-Forwarded_Proto: https"),
        mistakable("X_Forwarded_Host", "X_Forwarded_Host: evil"),
        mistakable("X_Forwarded_Anything", "X_Forwarded_Port: 1", "X-Forwarded_Prefix: /evil"),
        mistakable("X_Real_IP", "X_Real_IP: 192.0.2.1", "X-Real_IP: 192.0.2.1"),
        mistakable("X_Request_Id", "X_Request_Id: me", "X-Request_Id: me"),
        mistakable("Proxy_Connection", "Proxy_Connection: close", "Keep_Alive: timeout=5"),
        mistakable("Max_Forwards", "Max_Forwards: 1", "Sec_WebSocket_Key: x"),
        untouched(
            "other names with underscores",
            "RFC 9110 §5.1",
            get("X_: 1", "X_Forwarded: 2", "X_Forwarder_For: 3", "__: 4", "Trace_Parent: 5")),
        untouched(
            "end-to-end fields",
            "RFC 9110 §7.6",
            get(
                "Authorization: Basic YTpi",
                "Cookie: a=b; c=d",
                "Cookie: e=f",
                "Accept: */*",
                "Range: bytes=0-1",
                "If-None-Match: \"x\"",
                "Cache-Control: no-store")),
        untouched(
            "Expect",
            "RFC 9110 §10.1.1",
            post("hello", "Content-Length: 5", "Expect: 100-continue")),
        row(
            "Expect in HTTP/1.0",
            "RFC 9110 §10.1.1: MUST ignore",
            "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
            forwardedThenClosed(post("hello", "Content-Length: 5"))),
        row("Expect of something else", "RFC 9110 §10.1.1", get("Expect: a-miracle"), refused(417)),
        row(
            "Expect of more than one thing",
            "RFC 9110 §10.1.1",
            post("", "Content-Length: 0", "Expect: 100-continue, a-miracle"),
            refused(417)),
        row(
            "HTTP/1.0 ends after one",
            "RFC 9112 §9.3",
            "GET / HTTP/1.0\r\nHost: a\r\n\r\n" + get("X: 2"),
            forwardedThenClosed(get())),
        row(
            "HTTP/1.0 that asks to go on",
            "RFC 9112 §9.3",
            "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n" + get("X: 2"),
            forwardedAs(get(), get("X: 2"))),
        row(
            "two in one write",
            "RFC 9112 §9.3.2",
            get("X: 1") + get("X: 2"),
            forwardedAs(get("X: 1"), get("X: 2"))),
        row(
            "ten in one write",
            "RFC 9112 §9.3.2",
            get().repeat(10),
            forwardedAs(get(), get(), get(), get(), get(), get(), get(), get(), get(), get())),
        row(
            "an empty line between two",
            "RFC 9112 §2.2",
            post("hello", "Content-Length: 5") + "\r\n" + get("X: 2"),
            forwardedAs(post("hello", "Content-Length: 5"), get("X: 2"))),
        row(
            "nothing after close",
            "RFC 9112 §9.6",
            get("Connection: close") + get("X: 2"),
            forwardedThenClosed(get())),
        row(
            "the second malformed",
            "RFC 9112 §9.3.2",
            get() + get("X : y"),
            forwardedThenRefused(get(), 400)),
        row(
            "the second garbage",
            "RFC 9112 §2.2",
            get() + "hello\r\n\r\n",
            forwardedThenRefused(get(), 400)),
        row(
            "more body than Content-Length",
            "RFC 9112 §6.3",
            post("hello, world", "Content-Length: 5"),
            forwardedThenRefused(post("hello", "Content-Length: 5"), 400)),
        row(
            "a request of Content-Length and chunks after a good one",
            "RFC 9112 §11.2",
            get() + post(HELLO, "Content-Length: 5", "Transfer-Encoding: chunked"),
            forwardedThenRefused(get(), 400)),
        row(
            "a query that looks like a head",
            "RFC 9112 §3.2",
            head("GET /?x=%0d%0aHost:%20b HTTP/1.1"),
            forwardedAs(head("GET /?x=%0d%0aHost:%20b HTTP/1.1"))));
  }

  private static RequestRow gone(String what, String... lines) {
    return row(what + " is not forwarded", "RFC 9110 §7.6.1", get(lines), forwardedAs(get()));
  }

  /** Whoever speaks HTTP/1.0 means nothing by it, however it asks. */
  private static RequestRow goneInHttp10(String what, String upgrade) {
    return row(
        what + " in HTTP/1.0 is not forwarded",
        "RFC 9110 §7.8: MUST ignore",
        "GET / HTTP/1.0\r\nHost: a\r\nConnection: Upgrade\r\n" + upgrade + "\r\n\r\n",
        forwardedThenClosed(get()));
  }

  /** Of these trailers the sum is. */
  private static RequestRow goneBehind(String what, String trailers, String... lines) {
    return row(
        what + " is not forwarded behind a body",
        "RFC 9110 §7.6.1",
        trailing(trailers, lines),
        forwardedAs(trailing("X-Sum: 7")));
  }

  private static String trailing(String trailers, String... lines) {
    return head("POST / HTTP/1.1", lines)
            .replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n")
        + "5\r\nhello\r\n0\r\n"
        + trailers
        + "\r\n\r\n";
  }

  private static RequestRow mistakable(String what, String... lines) {
    return row(
        what + " is not forwarded",
        "ours: CGI cannot tell it from what we say",
        get(lines),
        forwardedAs(get()));
  }

  private static RequestRow kept(String what, String bytes, String forwarded) {
    return row(
        "Connection cannot take away " + what,
        "RFC 9110 §7.6.1",
        bytes,
        bytes.contains("close") ? forwardedThenClosed(forwarded) : forwardedAs(forwarded));
  }
}
