package io.weir.core.stories.framing;

import static io.weir.core.stories.framing.RequestRow.answered;
import static io.weir.core.stories.framing.RequestRow.forwardedAs;
import static io.weir.core.stories.framing.RequestRow.forwardedThenClosed;
import static io.weir.core.stories.framing.RequestRow.head;
import static io.weir.core.stories.framing.RequestRow.refused;
import static io.weir.core.stories.framing.RequestRow.row;
import static io.weir.core.stories.framing.RequestRow.untouched;

import java.util.List;

/** The request-target and the Host that it must agree with. */
final class TargetRows {
  private TargetRows() {}

  static List<RequestRow> rows() {
    return List.of(
        untouched("query", "RFC 9112 §3.2.1", target("/x?a=b&c=%20d")),
        untouched("empty query", "RFC 9112 §3.2.1", target("/x?")),
        untouched("two slashes", "ours: the original target is forwarded", target("//x//y")),
        untouched("dot segments below the root", "ours", target("/a/./b/../c")),
        untouched("escapes stay", "ours", target("/%7euser/a%2Fb/%C3%A4")),
        untouched("what browsers leave raw", "ours", target("/a|b^c{d}\"e<f>`g")),
        untouched(
            "raw high bytes", "ours: some clients send UTF-8 as it is", target("/\u00c3\u00a4")),
        row("space in the target", "RFC 9112 §3.2", target("/a b"), refused(400)),
        row("fragment", "RFC 9112 §3.2", target("/a#b"), refused(400)),
        row("fragment in the query", "RFC 9112 §3.2", target("/a?b#c"), refused(400)),
        row("control byte", "RFC 9112 §3.2", target("/a\u0001b"), refused(400)),
        row("NUL", "RFC 9112 §3.2", target("/a\0b"), refused(400)),
        row("DEL", "RFC 9112 §3.2", target("/a\u007fb"), refused(400)),
        row("encoded NUL", "ours", target("/a%00b"), answered(400)),
        row("encoded line end", "ours", target("/a%0d%0aX:%20y"), answered(400)),
        row("above the root", "ours", target("/../etc"), answered(400)),
        row("above the root, encoded", "ours", target("/%2e%2e/etc"), answered(400)),
        row("no slash", "RFC 9112 §3.2.1", target("foo"), refused(400)),
        row("backslash for slash", "RFC 9112 §3.2.1", target("\\foo"), refused(400)),
        row("only a query", "RFC 9112 §3.2.1", target("?a=b"), refused(400)),
        row("authority-form without CONNECT", "RFC 9112 §3.2.3", target("a:80"), refused(400)),
        untouched("asterisk with OPTIONS", "RFC 9112 §3.2.4", head("OPTIONS * HTTP/1.1")),
        row("asterisk with GET", "RFC 9112 §3.2.4", target("*"), refused(400)),
        row("asterisk and more", "RFC 9112 §3.2.4", head("OPTIONS *x HTTP/1.1"), refused(400)),
        row(
            "absolute-form",
            "RFC 9112 §3.2.2",
            target("http://a/x?y"),
            forwardedAs(target("/x?y"))),
        row(
            "absolute-form, scheme in capitals",
            "RFC 9110 §4.2.3",
            target("HTTP://a/x"),
            forwardedAs(target("/x"))),
        row(
            "absolute-form without path",
            "RFC 9112 §3.2.1",
            target("http://a"),
            forwardedAs(target("/"))),
        row(
            "absolute-form without path, with query",
            "RFC 9112 §3.2.1",
            target("http://a?y"),
            forwardedAs(target("/?y"))),
        row(
            "OPTIONS of absolute-form without path",
            "RFC 9112 §3.2.4",
            head("OPTIONS http://a HTTP/1.1"),
            forwardedAs(head("OPTIONS * HTTP/1.1"))),
        row(
            "OPTIONS of absolute-form whose path ends like its host",
            "RFC 9112 §3.2.4",
            head("OPTIONS http://a/x/a HTTP/1.1"),
            forwardedAs(head("OPTIONS /x/a HTTP/1.1"))),
        row(
            "absolute-form of another host",
            "ours: refused instead of overriding Host",
            target("http://b/"),
            refused(400)),
        row(
            "absolute-form with the port that Host leaves out",
            "ours: refused instead of overriding Host",
            target("http://a:80/"),
            refused(400)),
        row(
            "absolute-form with an empty port that Host leaves out",
            "ours: refused instead of overriding Host",
            target("http://a:/"),
            refused(400)),
        row(
            "absolute-form of https where there is no TLS",
            "ours: TLS may have ended before",
            target("https://a/x"),
            forwardedAs(target("/x"))),
        row(
            "absolute-form without path, with an @ in the query",
            "RFC 3986 §3.2",
            target("http://a?@b/"),
            forwardedAs(target("/?@b/"))),
        row(
            "absolute-form with an @ in the path",
            "RFC 3986 §3.2",
            target("http://a/@b"),
            forwardedAs(target("/@b"))),
        row("absolute-form of another port", "ours", target("http://a:8080/"), refused(400)),
        row("absolute-form with user", "RFC 9110 §4.2.4", target("http://u:p@a/"), refused(400)),
        row("absolute-form without host", "RFC 9110 §4.2.1", target("http:///x"), refused(400)),
        row(
            "absolute-form without Host",
            "RFC 9112 §3.2",
            "GET http://a/ HTTP/1.1\r\n\r\n",
            refused(400)),
        row(
            "absolute-form without Host in HTTP/1.0",
            "RFC 9112 §3.2.2",
            "GET http://a:81/x?y HTTP/1.0\r\nX: y\r\n\r\n",
            forwardedThenClosed("GET /x?y HTTP/1.1\r\nHost: a:81\r\nX: y\r\n\r\n")),
        row(
            "absolute-form without any field in HTTP/1.0",
            "RFC 9112 §3.2.2",
            "GET http://A HTTP/1.0\r\n\r\n",
            forwardedThenClosed("GET / HTTP/1.1\r\nHost: A\r\n\r\n")),
        row(
            "absolute-form without Host in HTTP/1.0, nominated",
            "RFC 9110 §7.6.1",
            "GET http://a/ HTTP/1.0\r\nConnection: host\r\n\r\n",
            forwardedThenClosed("GET / HTTP/1.1\r\nHost: a\r\n\r\n")),
        row(
            "absolute-form of another host in HTTP/1.0",
            "ours: refused instead of overriding Host",
            "GET http://b/ HTTP/1.0\r\nHost: a\r\n\r\n",
            refused(400)),
        row(
            "absolute-form with user in HTTP/1.0",
            "RFC 9110 §4.2.4",
            "GET http://u@a/ HTTP/1.0\r\n\r\n",
            refused(400)),
        row(
            "absolute-form with a wrong port in HTTP/1.0",
            "RFC 3986 §3.2.3",
            "GET http://a:x/ HTTP/1.0\r\n\r\n",
            refused(400)),
        row("another scheme", "ours", target("ftp://a/"), answered(400)),
        row(
            "a target of 20,000 bytes",
            "RFC 9112 §3",
            target("/" + "x".repeat(20_000)),
            refused(414)),
        untouched("Host with port", "RFC 9110 §7.2", host("Host: a:8080")),
        untouched("Host with an empty port", "RFC 3986 §3.2.3", host("Host: a:")),
        untouched("Host in capitals", "RFC 3986 §3.2.2", host("HOST: A.Example")),
        untouched("Host with underscore and final dot", "ours", host("Host: my_app.example.")),
        untouched("Host IPv4", "RFC 3986 §3.2.2", host("Host: 127.0.0.1:80")),
        untouched("Host IPv6", "RFC 3986 §3.2.2", host("Host: [::1]:80")),
        untouched("Host IPv4 in IPv6", "RFC 3986 §3.2.2", host("Host: [::ffff:127.0.0.1]")),
        untouched(
            "Host IPv4 behind groups of IPv6",
            "RFC 3986 §3.2.2",
            host("Host: [2001:db8:122:344::192.0.2.33]:80")),
        row(
            "Host IPv4 in IPv6 with a zero before",
            "RFC 3986 §3.2.2",
            host("Host: [::1.2.3.04]"),
            refused(400)),
        row(
            "Host of a later version of IP",
            "ours: RFC 3986 §3.2.2 has the form, and nobody has the version",
            host("Host: [v1.a]"),
            refused(400)),
        row("Host with an empty label", "RFC 1034 §3.1", host("Host: a..b"), refused(400)),
        row("Host that begins with a dot", "RFC 1034 §3.1", host("Host: .a"), refused(400)),
        row("Host with two dots of the root", "RFC 1034 §3.1", host("Host: a.."), refused(400)),
        row("Host of hex in brackets", "RFC 3986 §3.2.2", host("Host: [beef]"), refused(400)),
        row("Host of colons in brackets", "RFC 3986 §3.2.2", host("Host: [:::::]"), refused(400)),
        row("Host of five digits", "RFC 3986 §3.2.2", host("Host: [12345::]"), refused(400)),
        row("Host IPv4 in brackets", "RFC 3986 §3.2.2", host("Host: [127.0.0.1]"), refused(400)),
        row(
            "Host IPv6 with a zone",
            "RFC 6874 §4: of one node alone",
            host("Host: [fe80::1%25eth0]"),
            refused(400)),
        row(
            "Host of nine groups",
            "RFC 3986 §3.2.2",
            host("Host: [1:2:3:4:5:6:7:8:9]"),
            refused(400)),
        row("Host of seven groups", "RFC 3986 §3.2.2", host("Host: [1:2:3:4:5:6:7]"), refused(400)),
        row("Host with two gaps", "RFC 3986 §3.2.2", host("Host: [1::2::3]"), refused(400)),
        untouched(
            "Host of numbers that are no IPv4, so a name",
            "RFC 3986 §3.2.2",
            host("Host: 256.1.1.1")),
        untouched("Host with sub-delims", "RFC 3986 §3.2.2", host("Host: a!$&'()*+,;=b")),
        row("Host that is escaped", "ours: no two readings", host("Host: %61.b"), refused(400)),
        row("no Host", "RFC 9112 §3.2", "GET / HTTP/1.1\r\nX: y\r\n\r\n", refused(400)),
        row("empty Host", "RFC 9110 §4.2.1", host("Host:"), refused(400)),
        row("two Hosts", "RFC 9112 §3.2", host("Host: a\r\nHost: b"), refused(400)),
        row("two equal Hosts", "RFC 9112 §3.2", host("Host: a\r\nHost: a"), refused(400)),
        row(
            "two Hosts in HTTP/1.0",
            "RFC 9112 §3.2",
            "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
            refused(400)),
        row(
            "invalid Host in HTTP/1.0",
            "RFC 9112 §3.2",
            "GET / HTTP/1.0\r\nHost: a/b\r\n\r\n",
            refused(400)),
        row("a list of Hosts", "RFC 9112 §3.2", host("Host: a, b"), refused(400)),
        row("Host with user", "RFC 9110 §7.2", host("Host: u@a"), refused(400)),
        row("Host with path", "RFC 9110 §7.2", host("Host: a/b"), refused(400)),
        row("Host with query", "RFC 9110 §7.2", host("Host: a?b"), refused(400)),
        row("Host with fragment", "RFC 9110 §7.2", host("Host: a#b"), refused(400)),
        row("Host with backslash", "RFC 9110 §7.2", host("Host: a\\b"), refused(400)),
        row("Host with scheme", "RFC 9110 §7.2", host("Host: http://a"), refused(400)),
        row("Host with space", "RFC 9110 §7.2", host("Host: a b"), refused(400)),
        row("Host with tab", "RFC 9110 §7.2", host("Host: a\tb"), refused(400)),
        row("Host with high byte", "RFC 9110 §7.2", host("Host: \u00e4"), refused(400)),
        row("Host with NUL", "RFC 9110 §5.5", host("Host: a\0"), refused(400)),
        row("Host with letters for a port", "RFC 3986 §3.2.3", host("Host: a:8x"), refused(400)),
        row("Host with a signed port", "RFC 3986 §3.2.3", host("Host: a:-80"), refused(400)),
        row(
            "Host with a port of 99999",
            "ours: there is none",
            host("Host: a:99999"),
            refused(400)),
        row("Host with two ports", "RFC 3986 §3.2", host("Host: a:80:80"), refused(400)),
        row("Host with only a port", "RFC 9110 §4.2.1", host("Host: :80"), refused(400)),
        row("Host IPv6 without brackets", "RFC 3986 §3.2.2", host("Host: ::1"), refused(400)),
        row("Host IPv6 with one bracket", "RFC 3986 §3.2.2", host("Host: [::1"), refused(400)),
        row(
            "Host with text after the bracket",
            "RFC 3986 §3.2.2",
            host("Host: [::1]x"),
            refused(400)),
        row(
            "Host in brackets that is no address",
            "RFC 3986 §3.2.2",
            host("Host: [a]"),
            refused(400)));
  }

  private static String target(String target) {
    return head("GET " + target + " HTTP/1.1");
  }

  private static String host(String line) {
    return "GET / HTTP/1.1\r\n" + line + "\r\n\r\n";
  }
}
