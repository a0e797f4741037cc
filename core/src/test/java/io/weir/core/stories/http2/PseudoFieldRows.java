package io.weir.core.stories.http2;

import static io.weir.core.stories.http2.Http2Row.PROTOCOL_ERROR;
import static io.weir.core.stories.http2.Http2Row.answered;
import static io.weir.core.stories.http2.Http2Row.malformed;
import static io.weir.core.stories.http2.Http2Row.row;
import static io.weir.core.stories.http2.Http2Row.streamError;
import static io.weir.core.stories.http2.RequestFields.GET;
import static io.weir.core.stories.http2.RequestFields.WEBSOCKET;
import static io.weir.core.testkit.HpackText.literals;
import static io.weir.core.testkit.Http2Frame.END_HEADERS;
import static io.weir.core.testkit.Http2Frame.END_STREAM;
import static io.weir.core.testkit.Http2Frame.data;
import static io.weir.core.testkit.Http2Frame.headers;

import java.util.List;

/** Which pseudo-fields a request has, where, and how often: RFC 9113 section 8.3. */
final class PseudoFieldRows {
  private PseudoFieldRows() {}

  static List<Http2Row> rows() {
    String clause = "§8.3";
    return List.of(
        malformed(clause, "an unknown pseudo-field", GET.and(":test", "ok")),
        malformed(clause, "a pseudo-field of responses", GET.and(":status", "200")),
        malformed("RFC 8441 §4", ":protocol without CONNECT", GET.and(":protocol", "websocket")),
        malformed("RFC 8441 §4", ":protocol twice", WEBSOCKET.and(":protocol", "websocket")),
        malformed(
            "RFC 8441 §4", ":protocol that is no token", WEBSOCKET.but(":protocol", "web socket")),
        malformed("RFC 8441 §4", ":protocol without :scheme", WEBSOCKET.without(":scheme")),
        malformed("RFC 8441 §4", ":protocol without :path", WEBSOCKET.without(":path")),
        malformed(
            "RFC 8441 §4",
            ":protocol without :authority",
            WEBSOCKET.without(":authority").and("host", "a")),
        answered(
            501,
            "RFC 8441 §4",
            "a :protocol that is not known",
            WEBSOCKET.but(":protocol", "connect-udp")),
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
                        .sends(
                            data(1, 0, "x"),
                            headers(1, END_HEADERS | END_STREAM, literals(":method", "GET"))),
                streamError(PROTOCOL_ERROR))
            .breaksOff(),
        malformed("§8.3.1", "no :method", GET.without(":method")),
        malformed("§8.3.1", "no :scheme", GET.without(":scheme")),
        malformed("§8.3.1", "no :path", GET.without(":path")),
        malformed("§8.3.1", "no field at all"),
        malformed("§8.3.1", "two :method", GET.and(":method", "GET")),
        malformed("§8.3.1", "two :scheme", GET.and(":scheme", "http")),
        malformed("§8.3.1", "two :path", GET.and(":path", "/")),
        malformed("§8.3.1", "two :authority", GET.and(":authority", "a")),
        malformed("§8.3.1", "an empty :method", GET.but(":method", "")),
        malformed("§8.3.1", "a :method with a space", GET.but(":method", "GET /x")),
        malformed("§8.3.1", "a :method with CR LF", GET.but(":method", "GET / HTTP/1.1\r\nX: y")),
        malformed("§8.3.1", "a scheme that is not ours", GET.but(":scheme", "ftp")),
        malformed("§8.3.1", "an empty :scheme", GET.but(":scheme", "")),
        malformed("§8.3.1", "a :scheme that is more", GET.but(":scheme", "http://b/x?")),
        answered(200, "§8.3.1", "a :scheme in capitals", GET.but(":scheme", "HTTPS")),
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
}
