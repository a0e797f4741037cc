package io.weir.core.stories.http2;

import static io.weir.core.stories.http2.Http2Row.PROTOCOL_ERROR;
import static io.weir.core.stories.http2.Http2Row.answer;
import static io.weir.core.stories.http2.Http2Row.field;
import static io.weir.core.stories.http2.Http2Row.get;
import static io.weir.core.stories.http2.Http2Row.row;
import static io.weir.core.stories.http2.Http2Row.streamError;
import static io.weir.core.testkit.HpackText.literals;
import static io.weir.core.testkit.Http2Client.head;
import static io.weir.core.testkit.Http2Frame.END_HEADERS;
import static io.weir.core.testkit.Http2Frame.END_STREAM;
import static io.weir.core.testkit.Http2Frame.headers;

import io.weir.core.testkit.Http2Frame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Names and values of fields, and fields that are of a connection: RFC 9113 section 8.2. */
final class FieldRows {
  private static final int WHOLE = END_HEADERS | END_STREAM;

  private FieldRows() {}

  static List<Http2Row> rows() {
    List<Http2Row> rows = new ArrayList<>(names());
    rows.addAll(values());
    rows.addAll(connectionSpecific());
    rows.addAll(tooMany());
    return rows;
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
    rows.add(
        row(clause, "an empty value", c -> c.asks(1, "x", ""), answer(200))
            .arrivesAs(get("/", "X:")));
    rows.add(
        row(clause, "a value with white space within", c -> c.asks(1, "x", "a \t b"), answer(200))
            .arrivesAs(get("/", "X: a \t b")));
    rows.add(
        row(clause, "a value above ASCII", c -> c.asks(1, "x", "\u00e4"), answer(200))
            .arrivesAs(get("/", "X: \u00e4")));
    rows.add(
        row(
                clause,
                "a bad value in trailers",
                c -> c.begins(1, "POST", "/").sends(headers(1, WHOLE, literals("x", "a\r\nb"))),
                streamError(PROTOCOL_ERROR))
            .breaksOff());
    rows.add(
        row(
                clause,
                "a bad name in trailers",
                c -> c.begins(1, "POST", "/").sends(headers(1, WHOLE, literals("X", "a"))),
                streamError(PROTOCOL_ERROR))
            .breaksOff());
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
                c ->
                    c.begins(1, "POST", "/")
                        .sends(headers(1, WHOLE, literals("connection", "close"))),
                streamError(PROTOCOL_ERROR))
            .breaksOff());
  }

  private static List<Http2Row> tooMany() {
    String[] many = new String[2 * 101];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = "x";
      many[i + 1] = "y";
    }
    byte[] longTarget = head("GET", "/" + "y".repeat(16 * 1024));
    return List.of(
        row(
            "RFC 6585 §5",
            "a head above the limit",
            c ->
                c.sends(
                    headers(1, END_STREAM, head("GET", "/")),
                    Http2Frame.continuation(1, END_HEADERS, literals("x", "y".repeat(16_370)))),
            answer(431)),
        row(
            "RFC 9110 §15.5.15",
            "a target above the limit",
            c ->
                c.sends(
                    headers(1, END_STREAM, Arrays.copyOf(longTarget, 10_000)),
                    Http2Frame.continuation(
                        1, END_HEADERS, Arrays.copyOfRange(longTarget, 10_000, longTarget.length))),
            answer(414)),
        row("RFC 6585 §5", "more fields than the limit", c -> c.asks(1, many), answer(431)));
  }
}
