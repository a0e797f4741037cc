package io.weir.core.stories.http2;

import static io.weir.core.stories.http2.Http2Row.PROTOCOL_ERROR;
import static io.weir.core.stories.http2.Http2Row.answer;
import static io.weir.core.stories.http2.Http2Row.row;
import static io.weir.core.stories.http2.Http2Row.streamError;
import static io.weir.core.testkit.HpackText.literals;
import static io.weir.core.testkit.Http2Client.head;
import static io.weir.core.testkit.Http2Frame.END_HEADERS;
import static io.weir.core.testkit.Http2Frame.END_STREAM;
import static io.weir.core.testkit.Http2Frame.data;
import static io.weir.core.testkit.Http2Frame.headers;

import io.weir.core.testkit.Http2Frame;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests: RFC 9113 section 8, and what of RFC 9110 and RFC 3986 stands behind it. A malformed one
 * is an error of its stream, never the end of the connection.
 */
final class MessageRows {
  private static final int WHOLE = END_HEADERS | END_STREAM;

  private MessageRows() {}

  static List<Http2Row> rows() {
    List<Http2Row> rows = new ArrayList<>(pseudo());
    rows.addAll(names());
    rows.addAll(values());
    rows.addAll(connectionSpecific());
    rows.addAll(hosts());
    rows.addAll(targets());
    rows.addAll(bodies());
    rows.addAll(refusals());
    return rows;
  }

  private static Http2Row malformed(String clause, String name, String... fields) {
    return row(
        clause, name, c -> c.sends(Http2Frame.request(1, fields)), streamError(PROTOCOL_ERROR));
  }

  private static Http2Row answered(int status, String clause, String name, String... fields) {
    return row(clause, name, c -> c.sends(Http2Frame.request(1, fields)), answer(status));
  }

  /** One more field behind a good head. */
  private static Http2Row field(String clause, String what, String name, String value) {
    return row(clause, what, c -> c.asks(1, name, value), streamError(PROTOCOL_ERROR));
  }

  private static List<Http2Row> pseudo() {
    String clause = "§8.3";
    return List.of(
        malformed(
            clause,
            "an unknown pseudo-field",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a",
            ":test",
            "ok"),
        malformed(
            clause,
            "a pseudo-field of responses",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a",
            ":status",
            "200"),
        malformed(
            "RFC 8441 §4",
            ":protocol without CONNECT",
            ":method",
            "GET",
            ":protocol",
            "websocket",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a"),
        malformed(
            "RFC 8441 §4",
            ":protocol twice",
            ":method",
            "CONNECT",
            ":protocol",
            "websocket",
            ":protocol",
            "websocket",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a"),
        malformed(
            "RFC 8441 §4",
            ":protocol that is no token",
            ":method",
            "CONNECT",
            ":protocol",
            "web socket",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a"),
        malformed(
            "RFC 8441 §4",
            ":protocol without :scheme",
            ":method",
            "CONNECT",
            ":protocol",
            "websocket",
            ":path",
            "/",
            ":authority",
            "a"),
        malformed(
            "RFC 8441 §4",
            ":protocol without :path",
            ":method",
            "CONNECT",
            ":protocol",
            "websocket",
            ":scheme",
            "http",
            ":authority",
            "a"),
        malformed(
            "RFC 8441 §4",
            ":protocol without :authority",
            ":method",
            "CONNECT",
            ":protocol",
            "websocket",
            ":scheme",
            "http",
            ":path",
            "/",
            "host",
            "a"),
        answered(
            501,
            "RFC 8441 §4",
            "a :protocol that is not known",
            ":method",
            "CONNECT",
            ":protocol",
            "connect-udp",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a"),
        malformed(
            clause,
            "a pseudo-field behind a field",
            ":method",
            "GET",
            ":scheme",
            "http",
            "x-test",
            "ok",
            ":path",
            "/",
            ":authority",
            "a"),
        row(
            clause,
            "a pseudo-field in trailers",
            c ->
                c.begins(1, "POST", "/")
                    .sends(data(1, 0, "x"), headers(1, WHOLE, literals(":method", "GET"))),
            streamError(PROTOCOL_ERROR)),
        malformed("§8.3.1", "no :method", ":scheme", "http", ":path", "/", ":authority", "a"),
        malformed("§8.3.1", "no :scheme", ":method", "GET", ":path", "/", ":authority", "a"),
        malformed("§8.3.1", "no :path", ":method", "GET", ":scheme", "http", ":authority", "a"),
        malformed("§8.3.1", "no field at all"),
        malformed(
            "§8.3.1",
            "two :method",
            ":method",
            "GET",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "two :scheme",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "two :path",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":path",
            "/",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "two :authority",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "an empty :method",
            ":method",
            "",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "a :method with a space",
            ":method",
            "GET /x",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "a :method with CR LF",
            ":method",
            "GET / HTTP/1.1\r\nX: y",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "a scheme that is not ours",
            ":method",
            "GET",
            ":scheme",
            "ftp",
            ":path",
            "/",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "an empty :scheme",
            ":method",
            "GET",
            ":scheme",
            "",
            ":path",
            "/",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "a :scheme that is more",
            ":method",
            "GET",
            ":scheme",
            "http://b/x?",
            ":path",
            "/",
            ":authority",
            "a"),
        answered(
            200,
            "§8.3.1",
            "a :scheme in capitals",
            ":method",
            "GET",
            ":scheme",
            "HTTPS",
            ":path",
            "/",
            ":authority",
            "a"),
        answered(
            200,
            "§8.3",
            "pseudo-fields in any order",
            ":authority",
            "a",
            ":path",
            "/",
            ":method",
            "GET",
            ":scheme",
            "http"));
  }

  private static List<Http2Row> names() {
    String clause = "§8.2.1";
    List<Http2Row> rows = new ArrayList<>();
    rows.add(field(clause, "a name in capitals", "X-Test", "ok"));
    rows.add(field(clause, "a capital within a name", "x-tEst", "ok"));
    rows.add(field(clause, "an empty name", "", "ok"));
    rows.add(field(clause, "a colon alone as a name", ":", "ok"));
    for (String bad :
        List.of(
            " ", ":", "\0", "\r", "\n", "\t", "\u007f", "\u0080", "\u00ff", "(", "\"", "/", "{",
            ",")) {
      rows.add(
          field(
              clause,
              "a name with 0x" + Integer.toHexString(bad.charAt(0)),
              "x" + bad + "y",
              "ok"));
    }
    rows.add(field(clause, "a name that begins with a space", " x", "ok"));
    rows.add(field(clause, "a name that ends with a colon", "x:", "ok"));
    rows.add(field(clause, "a name that is a line", "x: y\r\nz", "ok"));
    return rows;
  }

  private static List<Http2Row> values() {
    String clause = "§8.2.1";
    List<Http2Row> rows = new ArrayList<>();
    for (String bad : List.of("\0", "\r", "\n", "\u0001", "\u001f", "\u007f")) {
      String hex = Integer.toHexString(bad.charAt(0));
      rows.add(field(clause, "a value with 0x" + hex, "x", "a" + bad + "b"));
      rows.add(field(clause, "a value that begins with 0x" + hex, "x", bad + "b"));
      rows.add(field(clause, "a value that ends with 0x" + hex, "x", "a" + bad));
    }
    rows.add(
        field(
            clause,
            "a value with a request",
            "x",
            "y\r\nContent-Length: 0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a"));
    rows.add(field(clause, "a value that begins with a space", "x", " a"));
    rows.add(field(clause, "a value that ends with a space", "x", "a "));
    rows.add(field(clause, "a value that begins with a tab", "x", "\ta"));
    rows.add(field(clause, "a value that ends with a tab", "x", "a\t"));
    rows.add(field(clause, "a value that is a space", "x", " "));
    rows.add(row(clause, "an empty value", c -> c.asks(1, "x", ""), answer(200)));
    rows.add(
        row(clause, "a value with white space within", c -> c.asks(1, "x", "a \t b"), answer(200)));
    rows.add(row(clause, "a value above ASCII", c -> c.asks(1, "x", "\u00e4"), answer(200)));
    rows.add(
        row(
            clause,
            "a bad value in trailers",
            c -> c.begins(1, "POST", "/").sends(headers(1, WHOLE, literals("x", "a\r\nb"))),
            streamError(PROTOCOL_ERROR)));
    rows.add(
        row(
            clause,
            "a bad name in trailers",
            c -> c.begins(1, "POST", "/").sends(headers(1, WHOLE, literals("X", "a"))),
            streamError(PROTOCOL_ERROR)));
    return rows;
  }

  private static List<Http2Row> connectionSpecific() {
    String clause = "§8.2.2";
    return List.of(
        field(clause, "connection", "connection", "keep-alive"),
        field(clause, "connection, empty", "connection", ""),
        field(clause, "keep-alive", "keep-alive", "timeout=5"),
        field(clause, "proxy-connection", "proxy-connection", "keep-alive"),
        field(clause, "transfer-encoding", "transfer-encoding", "chunked"),
        field(clause, "transfer-encoding: identity", "transfer-encoding", "identity"),
        field(clause, "upgrade", "upgrade", "websocket"),
        field(clause, "te other than trailers", "te", "trailers, deflate"),
        field(clause, "te: gzip", "te", "gzip"),
        row(clause, "te: trailers", c -> c.asks(1, "te", "trailers"), answer(200)),
        row(
            clause,
            "connection in trailers",
            c -> c.begins(1, "POST", "/").sends(headers(1, WHOLE, literals("connection", "close"))),
            streamError(PROTOCOL_ERROR)));
  }

  private static Http2Row authority(int status, String what, String authority) {
    return answered(
        status,
        "RFC 3986 §3.2",
        what,
        ":method",
        "GET",
        ":scheme",
        "http",
        ":path",
        "/",
        ":authority",
        authority);
  }

  private static List<Http2Row> hosts() {
    return List.of(
        malformed(
            "§8.3.1",
            "Host that differs",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a",
            "host",
            "b"),
        malformed(
            "§8.3.1",
            "two Hosts",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a",
            "host",
            "a",
            "host",
            "a"),
        malformed(
            "§8.3.1",
            "an empty :authority",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            ""),
        malformed(
            "§8.3.1",
            ":authority with CR LF",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a\r\nX: y"),
        malformed(
            "§8.3.1",
            ":authority with a space",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a b"),
        answered(
            200,
            "§8.3.1",
            "Host that agrees",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a",
            "host",
            "A"),
        answered(
            200,
            "§8.3.1",
            "Host alone",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            "host",
            "a"),
        answered(
            400,
            "RFC 9110 §7.2",
            "neither :authority nor Host",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/"),
        authority(400, "user information", "user@a"),
        authority(400, "a path in it", "a/b"),
        authority(400, "a query in it", "a?b"),
        authority(400, "a bad escape", "a%zz"),
        authority(400, "a port that is none", "a:http"),
        authority(400, "a port above 65535", "a:65536"),
        authority(400, "two ports", "a:1:2"),
        authority(400, "an open bracket", "[::1"),
        authority(400, "a list", "a,b\u00e4"),
        authority(400, "a backslash", "a\\b"),
        authority(200, "an IPv6 literal with a port", "[::1]:8080"),
        authority(200, "a port", "a:80"));
  }

  private static Http2Row path(int status, String what, String path) {
    return answered(
        status,
        "§8.3.1",
        what,
        ":method",
        "GET",
        ":scheme",
        "http",
        ":path",
        path,
        ":authority",
        "a");
  }

  private static List<Http2Row> targets() {
    return List.of(
        malformed(
            "§8.3.1",
            "an empty :path",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "a :path without a slash",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "x",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "an absolute :path",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "http://b/",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "a star for GET",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "*",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "a :path with a space",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/ HTTP/1.1",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "a :path with CR LF",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/ HTTP/1.1\r\nX: y",
            ":authority",
            "a"),
        malformed(
            "§8.3.1",
            "a :path with NUL",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/\0",
            ":authority",
            "a"),
        path(400, "a fragment", "/x#y"),
        path(400, "above the root", "/../x"),
        path(200, "a query", "/x?y=z"),
        answered(
            200,
            "§8.3.1",
            "a star for OPTIONS",
            ":method",
            "OPTIONS",
            ":scheme",
            "http",
            ":path",
            "*",
            ":authority",
            "a"),
        malformed(
            "§8.5",
            "CONNECT with a path",
            ":method",
            "CONNECT",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a:443"),
        malformed("§8.5", "CONNECT without authority", ":method", "CONNECT"),
        answered(405, "§8.5", "CONNECT", ":method", "CONNECT", ":authority", "a:443"));
  }

  private static List<Http2Row> bodies() {
    String clause = "§8.1.1";
    return List.of(
        row(
            clause,
            "less DATA than content-length",
            c -> c.begins(1, "POST", "/", "content-length", "4").sends(data(1, END_STREAM, "abc")),
            streamError(PROTOCOL_ERROR)),
        row(
            clause,
            "more DATA than content-length",
            c -> c.begins(1, "POST", "/", "content-length", "2").sends(data(1, END_STREAM, "abc")),
            streamError(PROTOCOL_ERROR)),
        row(
            clause,
            "more in pieces than content-length",
            c ->
                c.begins(1, "POST", "/", "content-length", "2")
                    .sends(data(1, 0, "ab"), data(1, END_STREAM, "c")),
            streamError(PROTOCOL_ERROR)),
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
            streamError(PROTOCOL_ERROR)),
        row(
            clause,
            "content-length of 0 and DATA",
            c ->
                c.begins(1, "POST", "/slow", "content-length", "0").sends(data(1, END_STREAM, "x")),
            streamError(PROTOCOL_ERROR)),
        row(
            clause,
            "content-length of 0 and an empty DATA",
            c -> c.begins(1, "POST", "/", "content-length", "0").sends(data(1, END_STREAM, "")),
            answer(200)),
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
            streamError(PROTOCOL_ERROR)),
        row(
            "§8.1",
            "POST with DATA",
            c -> c.begins(1, "POST", "/").sends(data(1, END_STREAM, "abc")),
            answer(200)),
        row(
            "§8.1",
            "POST with trailers",
            c ->
                c.begins(1, "POST", "/")
                    .sends(data(1, 0, "abc"), headers(1, WHOLE, literals("x-sum", "7"))),
            answer(200)),
        row(
            "§8.1",
            "POST with trailers alone",
            c -> c.begins(1, "POST", "/").sends(headers(1, WHOLE, literals("x-sum", "7"))),
            answer(200)),
        row("§8.1", "HEAD", c -> c.sends(headers(1, WHOLE, head("HEAD", "/"))), answer(200)),
        row(
            "RFC 9110 §10.1.1",
            "an expectation that is unknown",
            c -> c.begins(1, "POST", "/", "expect", "tea").sends(data(1, END_STREAM, "x")),
            answer(417)));
  }

  private static List<Http2Row> refusals() {
    String[] many = new String[2 * 101];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = "x";
      many[i + 1] = "y";
    }
    return List.of(
        row(
            "RFC 9110 §15.5.14",
            "content-length above the limit",
            c -> c.begins(1, "POST", "/", "content-length", "1048577"),
            answer(413)),
        row(
            "RFC 6585 §5",
            "a head above the limit",
            c ->
                c.sends(
                    headers(1, END_STREAM, head("GET", "/")),
                    Http2Frame.continuation(1, END_HEADERS, literals("x", "y".repeat(16_370)))),
            answer(431)),
        row("RFC 6585 §5", "more fields than the limit", c -> c.asks(1, many), answer(431)));
  }
}
