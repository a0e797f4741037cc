package io.weir.core.stories.http2;

import static io.weir.core.stories.http2.Http2Row.answered;
import static io.weir.core.stories.http2.Http2Row.malformed;

import java.util.ArrayList;
import java.util.List;

/**
 * What a request asks for: {@code :authority} and {@code :path}, RFC 9113 section 8.3.1 and RFC
 * 3986.
 */
final class TargetRows {
  private TargetRows() {}

  static List<Http2Row> rows() {
    List<Http2Row> rows = new ArrayList<>(hosts());
    rows.addAll(targets());
    return rows;
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
        answered(
            400,
            "§8.3.1",
            ":authority with an empty label",
            ":method",
            "GET",
            ":scheme",
            "http",
            ":path",
            "/",
            ":authority",
            "a..b"),
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
}
