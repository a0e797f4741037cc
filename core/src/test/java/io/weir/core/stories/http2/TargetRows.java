package io.weir.core.stories.http2;

import static io.weir.core.stories.http2.Http2Row.answered;
import static io.weir.core.stories.http2.Http2Row.get;
import static io.weir.core.stories.http2.Http2Row.head;
import static io.weir.core.stories.http2.Http2Row.malformed;
import static io.weir.core.stories.http2.RequestFields.GET;

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
    return answered(status, "RFC 3986 §3.2", what, GET.but(":authority", authority));
  }

  private static List<Http2Row> hosts() {
    return List.of(
        malformed("§8.3.1", "Host that differs", GET.and("host", "b")),
        malformed("§8.3.1", "two Hosts", GET.and("host", "a").and("host", "a")),
        malformed("§8.3.1", "an empty :authority", GET.but(":authority", "")),
        malformed("§8.3.1", ":authority with CR LF", GET.but(":authority", "a\r\nX: y")),
        answered(400, "§8.3.1", ":authority with an empty label", GET.but(":authority", "a..b")),
        malformed("§8.3.1", ":authority with a space", GET.but(":authority", "a b")),
        answered(200, "§8.3.1", "Host that agrees", GET.and("host", "A")),
        answered(200, "§8.3.1", "Host alone", GET.without(":authority").and("host", "a")),
        answered(400, "RFC 9110 §7.2", "neither :authority nor Host", GET.without(":authority")),
        authority(400, "user information", "user@a"),
        authority(400, "a path in it", "a/b"),
        authority(400, "a query in it", "a?b"),
        authority(400, "a bad escape", "a%zz"),
        authority(400, "a port that is none", "a:http"),
        authority(400, "a port above 65535", "a:65536"),
        authority(400, "two ports", "a:1:2"),
        authority(400, "an open bracket", "[::1"),
        authority(400, "a later version of IP", "[v1.a]"),
        authority(400, "an IPv6 literal with a zone", "[fe80::1%25eth0]"),
        authority(400, "an IPv6 literal with two gaps", "[1::2::3]"),
        authority(400, "an escape", "%61"),
        authority(400, "a port alone", ":80"),
        authority(200, "an empty port", "a:").arrivesAs("GET / HTTP/1.1\r\nHost: a:\r\n\r\n"),
        authority(400, "a list", "a,b\u00e4"),
        authority(400, "a backslash", "a\\b"),
        authority(200, "an IPv6 literal with a port", "[::1]:8080")
            .arrivesAs("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n"),
        authority(200, "a port", "a:80").arrivesAs("GET / HTTP/1.1\r\nHost: a:80\r\n\r\n"));
  }

  private static Http2Row path(int status, String what, String path) {
    return answered(status, "§8.3.1", what, GET.but(":path", path));
  }

  private static List<Http2Row> targets() {
    return List.of(
        malformed("§8.3.1", "an empty :path", GET.but(":path", "")),
        malformed("§8.3.1", "a :path without a slash", GET.but(":path", "x")),
        malformed("§8.3.1", "an absolute :path", GET.but(":path", "http://b/")),
        malformed("§8.3.1", "a star for GET", GET.but(":path", "*")),
        malformed("§8.3.1", "a :path with a space", GET.but(":path", "/ HTTP/1.1")),
        malformed("§8.3.1", "a :path with CR LF", GET.but(":path", "/ HTTP/1.1\r\nX: y")),
        malformed("§8.3.1", "a :path with NUL", GET.but(":path", "/\0")),
        path(400, "a fragment", "/x#y"),
        path(400, "above the root", "/../x"),
        path(200, "a query", "/x?y=z").arrivesAs(get("/x?y=z")),
        answered(
                200,
                "§8.3.1",
                "a star for OPTIONS",
                GET.but(":method", "OPTIONS").but(":path", "*"))
            .arrivesAs(head("OPTIONS *")),
        malformed(
            "§8.5",
            "CONNECT with a path",
            GET.but(":method", "CONNECT").but(":authority", "a:443")),
        malformed("§8.5", "CONNECT without authority", ":method", "CONNECT"),
        answered(405, "§8.5", "CONNECT", ":method", "CONNECT", ":authority", "a:443"));
  }
}
