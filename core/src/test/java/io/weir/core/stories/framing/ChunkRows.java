package io.weir.core.stories.framing;

import static io.weir.core.stories.framing.RequestRow.chunked;
import static io.weir.core.stories.framing.RequestRow.cut;
import static io.weir.core.stories.framing.RequestRow.forwardedAs;
import static io.weir.core.stories.framing.RequestRow.row;

import java.util.ArrayList;
import java.util.List;

/**
 * Chunks and trailers. The head may be on its way before a chunk turns out to be bad, so what
 * counts is that the backend never gets a whole request.
 */
final class ChunkRows {
  private static final String END = "0\r\n\r\n";
  private static final String HELLO = "5\r\nhello\r\n";
  private static final String HIDDEN = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

  private ChunkRows() {}

  static List<RequestRow> rows() {
    List<RequestRow> rows = new ArrayList<>(good());
    rows.addAll(badSizes());
    rows.addAll(badEnds());
    rows.addAll(extensions());
    rows.addAll(trailers());
    return rows;
  }

  private static List<RequestRow> good() {
    return List.of(
        same("two chunks", "3\r\nhel\r\n2\r\nlo\r\n" + END, HELLO + END),
        same("size in capitals", "A\r\n0123456789\r\n" + END, "a\r\n0123456789\r\n" + END),
        same("size with leading zeros", "0005\r\nhello\r\n" + END, HELLO + END),
        same("last chunk with more zeros", HELLO + "000\r\n\r\n", HELLO + END),
        same("line ends as data", "4\r\n\r\n\r\n\r\n" + END, "4\r\n\r\n\r\n\r\n" + END));
  }

  private static List<RequestRow> badSizes() {
    return List.of(
        bad("chunk size with 0x", "0x5\r\nhello\r\n" + END),
        bad("chunk size with a space after", "5 \r\nhello\r\n" + END),
        bad("chunk size with a tab after", "5\t\r\nhello\r\n" + END),
        bad("chunk size with a space before", " 5\r\nhello\r\n" + END),
        bad("chunk size with a vertical tab before", "\u000b5\r\nhello\r\n" + END),
        bad("chunk size negative", "-1\r\nhello\r\n" + END),
        bad("chunk size minus zero", "-0\r\n\r\n"),
        bad("chunk size with a plus", "+5\r\nhello\r\n" + END),
        bad("chunk size empty", "\r\nhello\r\n" + END),
        bad("chunk size no hexadecimal", "g\r\nhello\r\n" + END),
        bad("chunk size with h", "5h\r\nhello\r\n" + END),
        bad("chunk size with a fraction", "5.0\r\nhello\r\n" + END),
        bad("chunk size with an underscore", "0_5\r\nhello\r\n" + END),
        bad("chunk size with a comma", "5,5\r\nhello\r\n" + END),
        bad("chunk size with NUL", "5\0\r\nhello\r\n" + END),
        bad("chunk size of 17 digits that overflow to 5", "10000000000000005\r\nhello\r\n" + END),
        bad(
            "chunk size of 9 digits that overflow an int to 5",
            "100000005\r\nhello\r\n" + END,
            400,
            413),
        bad("chunk size of all ones", "FFFFFFFFFFFFFFFF\r\nhello\r\n" + END, 400, 413),
        bad("chunk size of the largest long", "7FFFFFFFFFFFFFFF\r\nhello\r\n" + END, 400, 413),
        bad("chunk size negative as an int", "80000000\r\nhello\r\n" + END, 400, 413),
        bad(
            "chunk size of 17 digits with leading zeros; ours: nobody pads so far",
            "0".repeat(16) + "5\r\nhello\r\n" + END),
        bad("chunk size of 20,000 zeros", "0".repeat(20_000) + "\r\n\r\n", 400, 413, 431));
  }

  private static List<RequestRow> badEnds() {
    return List.of(
        bad("chunk size with bare LF", "5\nhello\r\n" + END),
        bad("chunk size with bare CR", "5\rhello\r\n" + END),
        bad("chunk size with CR CR LF", "5\r\r\nhello\r\n" + END),
        bad("chunk size and data without a line end", "5\r\nhello" + END),
        bad("chunk size and data with bare LF", "5\r\nhello\n" + END),
        bad("chunk size and data with bare CR", "5\r\nhello\r" + END),
        bad("chunk size and more data than it says", "5\r\nhello!\r\n" + END),
        bad("chunk size and less data than it says", "6\r\nhello\r\n" + END),
        bad("chunk size 0 with bare LF", HELLO + "0\n\r\n"),
        bad("chunk size 0 and bare LF after", HELLO + "0\r\n\n"),
        bad("chunk size 0 with bare CR", HELLO + "0\r\r\n\r\n"),
        bad("chunk size 0 and a bare CR after", HELLO + "0\r\n\rX"),
        bad("chunk size 0 and garbage", HELLO + "0\r\nX\r\n\r\n"));
  }

  private static List<RequestRow> extensions() {
    return List.of(
        same("extension", "5;a=b\r\nhello\r\n" + END, HELLO + END),
        same("extension without value", "5;a\r\nhello\r\n" + END, HELLO + END),
        same("extensions", "5;a=b;c;d=e\r\nhello\r\n" + END, HELLO + END),
        same("quoted extension", "5;a=\"b c;d\"\r\nhello\r\n" + END, HELLO + END),
        same("quoted pair in an extension", "5;a=\"b\\\"c\"\r\nhello\r\n" + END, HELLO + END),
        same("extension of the last chunk", HELLO + "0;a=b\r\n\r\n", HELLO + END),
        same(
            "extension with white space where it may be",
            "5 ;\ta = \"b\" ; c\r\nhello\r\n" + END,
            HELLO + END),
        same("extension that is an empty text", "5;a=\"\"\r\nhello\r\n" + END, HELLO + END),
        bad("extension with more behind a quoted value", "5;a=\"b\"x\r\nhello\r\n" + END),
        bad("extension with two quoted values", "5;a=\"b\"\"c\"\r\nhello\r\n" + END),
        bad("extension with a quote within a value", "5;a=b\"c\"\r\nhello\r\n" + END),
        bad("extension with a quote within its name", "5;a\"b\"\r\nhello\r\n" + END),
        bad("extension with an empty value", "5;a=\r\nhello\r\n" + END),
        bad("extension with an empty value before another", "5;a=;b\r\nhello\r\n" + END),
        bad("extension with two values", "5;a=b=c\r\nhello\r\n" + END),
        bad("extension of two words", "5;a b\r\nhello\r\n" + END),
        bad("extension with a value of two words", "5;a=b c\r\nhello\r\n" + END),
        bad("extension with a value that is no token", "5;a=b/c\r\nhello\r\n" + END),
        bad("extension with a name that is no token", "5;a/b\r\nhello\r\n" + END),
        bad("extension with a space at its end", "5;a \r\nhello\r\n" + END),
        bad("extension with a value and a space at its end", "5;a=b \r\nhello\r\n" + END),
        bad("extension with a text and a space at its end", "5;a=\"b\" \r\nhello\r\n" + END),
        bad("extension without name before another", "5;;a\r\nhello\r\n" + END),
        bad("extension that is only a value", "5;=b\r\nhello\r\n" + END),
        bad("extension with a high byte in its value", "5;a=\u00e4\r\nhello\r\n" + END),
        bad("extension with bare CR", "5;a\rb\r\nhello\r\n" + END),
        bad("extension with bare LF", "5;a\nhello\r\n" + END),
        bad("extension that is only a bare LF", "5;\nhello\r\n" + END),
        bad("extension with bare LF, quoted", "5;a=\"\n\"\r\nhello\r\n" + END),
        bad("extension with CR LF, quoted", "5;a=\"\r\nhello\r\n" + END),
        bad("extension with NUL", "5;a\0\r\nhello\r\n" + END),
        bad("extension with a control byte", "5;a=\u0001\r\nhello\r\n" + END),
        bad("extension without name", "5;\r\nhello\r\n" + END),
        bad(
            "extension of 20,000 bytes",
            "5;a=" + "b".repeat(20_000) + "\r\nhello\r\n" + END,
            400,
            413,
            431));
  }

  private static List<RequestRow> trailers() {
    return List.of(
        same("trailer", HELLO + "0\r\nX-Sum: 7\r\n\r\n", HELLO + "0\r\nX-Sum: 7\r\n\r\n"),
        dropped("Content-Length: 3"),
        dropped("Transfer-Encoding: chunked"),
        dropped("Host: b"),
        dropped("Connection: close"),
        dropped("Trailer: X"),
        dropped("TE: trailers"),
        dropped("Upgrade: h2c"),
        dropped("Authorization: Basic YTpi"),
        dropped("Content-Type: text/plain"),
        dropped("Content-Encoding: gzip"),
        dropped("Content-Range: bytes 0-4/5"),
        dropped("Expect: 100-continue"),
        dropped("Max-Forwards: 0"),
        dropped("Cookie: a=b"),
        dropped("X-Forwarded-For: 192.0.2.1"),
        dropped("X-Forwarded-Proto: https"),
        dropped("Forwarded: for=192.0.2.1"),
        dropped("Set-Cookie: a=b"),
        dropped("Cache-Control: no-store"),
        dropped("Range: bytes=0-1"),
        dropped("Via: 1.1 fred"),
        dropped("Date: Sun, 06 Nov 1994 08:49:37 GMT"),
        dropped("Location: /x"),
        dropped("X-Request-Id: me"),
        dropped("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        dropped("X-Real-IP: 192.0.2.1"),
        dropped("X_Forwarded_For: 192.0.2.1"),
        passed("If-None-Match: \"x\""),
        passed("WWW-Authenticate: Basic"),
        passed("Age: 1"),
        passed("Vary: a"),
        bad("trailer with a space before the colon", HELLO + "0\r\nX : y\r\n\r\n"),
        bad("trailer without colon", HELLO + "0\r\nfoo\r\n\r\n"),
        bad("trailer without name", HELLO + "0\r\n: y\r\n\r\n"),
        bad("trailer folded", HELLO + "0\r\nX: a\r\n b\r\n\r\n"),
        bad("trailer that begins with a space", HELLO + "0\r\n X: a\r\n\r\n"),
        bad("trailer with NUL", HELLO + "0\r\nX: \0\r\n\r\n"),
        bad("trailer with bare CR", HELLO + "0\r\nX: a\rb\r\n\r\n"),
        bad("trailer with bare LF", HELLO + "0\r\nX: a\nY: b\r\n\r\n"),
        bad("trailers ended by bare LF", HELLO + "0\r\nX: a\r\n\n"),
        bad(
            "trailer of 20,000 bytes",
            HELLO + "0\r\nX: " + "y".repeat(20_000) + "\r\n\r\n",
            400,
            413,
            431),
        bad(
            "trailers without number",
            HELLO + "0\r\n" + "X: y\r\n".repeat(200) + "\r\n",
            400,
            413,
            431));
  }

  private static RequestRow same(String name, String body, String forwarded) {
    return row("chunk: " + name, "RFC 9112 §7.1", chunked(body), forwardedAs(chunked(forwarded)));
  }

  private static RequestRow bad(String name, String body) {
    return bad(name, body, 400);
  }

  private static RequestRow bad(String name, String body, Integer... statuses) {
    return row(name, "RFC 9112 §7.1", chunked(body + HIDDEN), cut(statuses));
  }

  private static RequestRow passed(String trailer) {
    String body = HELLO + "0\r\n" + trailer + "\r\n\r\n";
    return row(
        "a trailer may be " + trailer,
        "RFC 9110 §6.5.1; ours: whoever merges it knows what it is",
        chunked(body),
        forwardedAs(chunked(body)));
  }

  private static RequestRow dropped(String trailer) {
    return row(
        "no trailer may be " + trailer,
        "RFC 9110 §6.5.1",
        chunked(HELLO + "0\r\nX-Sum: 7\r\n" + trailer + "\r\n\r\n"),
        forwardedAs(chunked(HELLO + "0\r\nX-Sum: 7\r\n\r\n")));
  }
}
