package io.weir.core.stories.framing;

import static io.weir.core.stories.framing.RequestRow.forwardedAs;
import static io.weir.core.stories.framing.RequestRow.get;
import static io.weir.core.stories.framing.RequestRow.head;
import static io.weir.core.stories.framing.RequestRow.post;
import static io.weir.core.stories.framing.RequestRow.refused;
import static io.weir.core.stories.framing.RequestRow.row;
import static io.weir.core.stories.framing.RequestRow.untouched;

import java.util.List;

/** Content-Length: its value, its repetition, and what it covers. */
final class ContentLengthRows {
  private static final String HIDDEN = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

  private ContentLengthRows() {}

  static List<RequestRow> rows() {
    return List.of(
        untouched("a body", "RFC 9112 §6.2", post("hello", "Content-Length: 5")),
        untouched("no body at all", "RFC 9112 §6.3", post("")),
        untouched("an empty body", "RFC 9112 §6.2", post("", "Content-Length: 0")),
        untouched("a body with GET", "RFC 9110 §9.3.1", get("Content-Length: 5") + "hello"),
        untouched("an empty body with GET", "RFC 9112 §6.2", get("Content-Length: 0")),
        untouched(
            "a body with DELETE",
            "RFC 9110 §9.3.5",
            head("DELETE / HTTP/1.1", "Content-Length: 5") + "hello"),
        untouched("white space around it", "RFC 9112 §5", post("hello", "Content-Length: \t5 ")),
        untouched("its name in any case", "RFC 9110 §5.1", post("hello", "cONTENT-lENGTH: 5")),
        untouched(
            "leading zeros are decimal",
            "RFC 9110 §8.6",
            post("helloworld", "Content-Length: 0010")),
        untouched(
            "a body that looks like a request",
            "RFC 9112 §6.2",
            post(HIDDEN, "Content-Length: " + HIDDEN.length())),
        untouched(
            "a body of every byte", "RFC 9112 §6.2", post(everyByte(), "Content-Length: 256")),
        row(
            "a request after a body",
            "RFC 9112 §9.3.2",
            post("hello", "Content-Length: 5") + get("X: 2"),
            forwardedAs(post("hello", "Content-Length: 5"), get("X: 2"))),
        lengths("twice, different", "Content-Length: 5", "Content-Length: 6"),
        lengths("twice, equal", "Content-Length: 5", "Content-Length: 5"),
        lengths("twice, in different cases", "Content-Length: 5", "content-length: 5"),
        lengths("twice, one empty", "Content-Length: 5", "Content-Length:"),
        lengths("a list of equal ones", "Content-Length: 5, 5"),
        lengths("a list without spaces", "Content-Length: 5,5"),
        lengths("a list of different ones", "Content-Length: 5, 6"),
        lengths("a list with an empty element", "Content-Length: 5,"),
        lengths("a list with an empty first element", "Content-Length: ,5"),
        lengths("empty", "Content-Length:"),
        lengths("spaces only", "Content-Length:   "),
        lengths("plus", "Content-Length: +5"),
        lengths("minus", "Content-Length: -5"),
        lengths("minus zero", "Content-Length: -0"),
        lengths("a space inside", "Content-Length: 1 0"),
        lengths("hexadecimal", "Content-Length: 0x5"),
        lengths("hexadecimal letter", "Content-Length: a"),
        lengths("a fraction", "Content-Length: 5.0"),
        lengths("an exponent", "Content-Length: 5e0"),
        lengths("an underscore", "Content-Length: 1_0"),
        lengths("a parameter", "Content-Length: 5;x"),
        lengths("quoted", "Content-Length: \"5\""),
        lengths("letters", "Content-Length: five"),
        lengths("vertical tab before", "Content-Length: \u000b5"),
        lengths("no-break space before", "Content-Length: \u00a05"),
        lengths("NUL after", "Content-Length: 5\0"),
        lengths("a digit of another script", "Content-Length: \u00d9\u00a5"),
        lengths("folded", "Content-Length:\r\n 5"),
        lengths("space before the colon", "Content-Length : 5"),
        lengths("vertical tab before the colon", "Content-Length\u000b: 5"),
        lengths("one more than a long holds", "Content-Length: 9223372036854775808"),
        lengths("5 if 64 bits overflow", "Content-Length: 18446744073709551621"),
        lengths(
            "5 if 32 bits overflow, 2 to the 96th",
            "Content-Length: 79228162514264337593543950341"),
        row(
            "5 if 32 bits overflow",
            "RFC 9112 §6.3",
            post("hello", "Content-Length: 4294967301"),
            refused(413)),
        row(
            "the most that a long holds",
            "RFC 9110 §15.5.14",
            post("hello", "Content-Length: 9223372036854775807"),
            refused(400, 413)),
        row(
            "one more than the limit",
            "RFC 9110 §15.5.14",
            post("", "Content-Length: " + (RequestFramingStories.BODY_LIMIT + 1)),
            refused(413)),
        row(
            "HTTP/1.0 with two",
            "RFC 9112 §6.3",
            "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
            refused(400)),
        row(
            "HTTP/1.0 with two equal ones",
            "RFC 9112 §6.3",
            "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
            refused(400)));
  }

  private static RequestRow lengths(String name, String... lines) {
    return row(
        "Content-Length " + name, "RFC 9112 §6.3", post("hello" + HIDDEN, lines), refused(400));
  }

  private static String everyByte() {
    StringBuilder bytes = new StringBuilder();
    for (char c = 0; c < 256; c++) {
      bytes.append(c);
    }
    return bytes.toString();
  }
}
