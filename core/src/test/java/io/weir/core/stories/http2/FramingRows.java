package io.weir.core.stories.http2;

import static io.weir.core.stories.http2.Http2Row.COMPRESSION_ERROR;
import static io.weir.core.stories.http2.Http2Row.FRAME_SIZE_ERROR;
import static io.weir.core.stories.http2.Http2Row.PROTOCOL_ERROR;
import static io.weir.core.stories.http2.Http2Row.answer;
import static io.weir.core.stories.http2.Http2Row.chunked;
import static io.weir.core.stories.http2.Http2Row.connectionError;
import static io.weir.core.stories.http2.Http2Row.get;
import static io.weir.core.stories.http2.Http2Row.row;
import static io.weir.core.testkit.HpackText.bytes;
import static io.weir.core.testkit.HpackText.literals;
import static io.weir.core.testkit.HpackText.together;
import static io.weir.core.testkit.Http2Client.head;
import static io.weir.core.testkit.Http2Frame.END_HEADERS;
import static io.weir.core.testkit.Http2Frame.END_STREAM;
import static io.weir.core.testkit.Http2Frame.PADDED;
import static io.weir.core.testkit.Http2Frame.PRIORITIZED;
import static io.weir.core.testkit.Http2Frame.continuation;
import static io.weir.core.testkit.Http2Frame.data;
import static io.weir.core.testkit.Http2Frame.dependency;
import static io.weir.core.testkit.Http2Frame.headers;
import static io.weir.core.testkit.Http2Frame.priority;

import io.weir.core.stories.http2.Http2Row.Nothing;
import io.weir.core.testkit.Http2Client;
import io.weir.core.testkit.Http2Frame;
import java.util.Arrays;
import java.util.List;

/** Frames, field blocks and HPACK: RFC 9113 section 4, 5.5 and 6.10, RFC 7541. */
final class FramingRows {
  private static final int WHOLE = END_HEADERS | END_STREAM;
  private static final byte[] GET = head("GET", "/");
  private static final byte[] HALF = Arrays.copyOf(GET, 5);
  private static final byte[] REST = Arrays.copyOfRange(GET, 5, GET.length);

  private FramingRows() {}

  static List<Http2Row> rows() {
    return List.of(
        // Frame format and size.
        row(
            "§4.1",
            "a frame of unknown type is ignored",
            c -> c.sends(Http2Frame.of(0x16, 0, 0, new byte[8])).asks(1),
            answer(200)),
        row(
            "§4.1",
            "undefined flags are ignored",
            c -> c.sends(Http2Frame.of(Http2Frame.PING, 0x16, 0, new byte[8])).asks(1),
            answer(200)),
        row(
            "§4.1",
            "the reserved bit is ignored",
            c -> c.sends(Http2Frame.of(Http2Frame.PING, 0, Integer.MIN_VALUE, new byte[8])).asks(1),
            answer(200)),
        row(
                "§4.2",
                "DATA of 2^14 octets is taken",
                c -> c.begins(1, "POST", "/").sends(data(1, END_STREAM, "x".repeat(16_384))),
                answer(200))
            .arrivesAs(chunked("4000\r\n" + "x".repeat(16_384) + "\r\n0\r\n\r\n")),
        row(
                "§4.2",
                "DATA larger than the maximum",
                c -> c.begins(1, "POST", "/").sends(data(1, END_STREAM, "x".repeat(16_385))),
                connectionError(FRAME_SIZE_ERROR))
            .breaksOff(),
        row(
            "§4.2",
            "HEADERS larger than the maximum",
            c -> c.sends(headers(1, WHOLE, together(GET, literals("x", "y".repeat(16_400))))),
            connectionError(FRAME_SIZE_ERROR)),
        row(
            "§4.2",
            "CONTINUATION larger than the maximum",
            c ->
                c.sends(
                    headers(1, END_STREAM, HALF), continuation(1, END_HEADERS, new byte[16_385])),
            connectionError(FRAME_SIZE_ERROR)),
        row(
            "§4.2",
            "PING larger than the maximum",
            c -> c.sends(Http2Frame.of(Http2Frame.PING, 0, 0, new byte[16_385])),
            connectionError(FRAME_SIZE_ERROR)),
        row(
            "§4.2",
            "SETTINGS larger than the maximum",
            c -> c.sends(Http2Frame.settings(new long[2 * 2_731])),
            connectionError(FRAME_SIZE_ERROR)),

        // Field blocks.
        row(
            "§4.3",
            "a block that cannot be decoded",
            c -> c.sends(headers(1, WHOLE, bytes(0x40))),
            connectionError(COMPRESSION_ERROR)),
        row(
            "§4.3",
            "PRIORITY in the middle of a block",
            c -> c.sends(headers(1, END_STREAM, HALF), priority(1, 0, 256)),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§4.3",
            "HEADERS of another stream in the middle of a block",
            c -> c.sends(headers(1, END_STREAM, HALF), headers(3, WHOLE, GET)),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§4.3",
            "DATA in the middle of a block",
            c -> c.sends(headers(1, 0, HALF), data(1, END_STREAM, "x")),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§4.3",
            "SETTINGS in the middle of a block",
            c -> c.sends(headers(1, END_STREAM, HALF), Http2Frame.settings()),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§4.3",
            "PING in the middle of a block",
            c -> c.sends(headers(1, END_STREAM, HALF), Http2Frame.ping(1)),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§5.5",
            "an unknown frame between requests is ignored",
            c -> c.sends(Http2Frame.of(0xfe, 0xff, 1, new byte[3])).asks(1),
            answer(200)),
        row(
            "§5.5",
            "an unknown frame in the middle of a block",
            c -> c.sends(headers(1, END_STREAM, HALF), Http2Frame.of(0x16, 0, 0, new byte[8])),
            connectionError(PROTOCOL_ERROR)),

        // CONTINUATION.
        row(
            "§6.10",
            "a block in two frames",
            c -> c.sends(headers(1, END_STREAM, HALF), continuation(1, END_HEADERS, REST)),
            answer(200)),
        row(
            "§6.10",
            "a block in four frames, two of them empty",
            c ->
                c.sends(
                    headers(1, END_STREAM, HALF),
                    continuation(1, 0, new byte[0]),
                    continuation(1, 0, REST),
                    continuation(1, END_HEADERS, new byte[0])),
            answer(200)),
        row(
            "§6.10",
            "CONTINUATION followed by another HEADERS",
            c ->
                c.sends(
                    headers(1, END_STREAM, HALF), continuation(1, 0, REST), headers(1, WHOLE, GET)),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§6.10",
            "CONTINUATION on stream 0",
            c -> c.sends(headers(1, END_STREAM, HALF), continuation(0, END_HEADERS, REST)),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§6.10",
            "CONTINUATION on another stream",
            c -> c.sends(headers(1, END_STREAM, HALF), continuation(3, END_HEADERS, REST)),
            connectionError(PROTOCOL_ERROR)),
        row(
                "§6.10",
                "CONTINUATION behind a block that has ended",
                c ->
                    c.sends(
                        headers(1, WHOLE, GET), continuation(1, END_HEADERS, literals("a", "b"))),
                connectionError(PROTOCOL_ERROR))
            .mayArriveAs(get("/")),
        row(
                "§6.10",
                "CONTINUATION behind a CONTINUATION that ended the block",
                c ->
                    c.sends(
                        headers(1, END_STREAM, HALF),
                        continuation(1, END_HEADERS, REST),
                        continuation(1, END_HEADERS, literals("a", "b"))),
                connectionError(PROTOCOL_ERROR))
            .mayArriveAs(get("/")),
        row(
                "§6.10",
                "CONTINUATION behind DATA",
                c ->
                    c.begins(1, "POST", "/")
                        .sends(data(1, 0, "x"), continuation(1, END_HEADERS, literals("a", "b"))),
                connectionError(PROTOCOL_ERROR))
            .breaksOff(),

        // HEADERS.
        row(
            "§6.2",
            "HEADERS on stream 0",
            c -> c.sends(headers(0, WHOLE, GET)),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§6.2",
            "HEADERS with padding",
            c -> c.sends(headers(1, WHOLE | PADDED, together(bytes(3), GET, new byte[3]))),
            answer(200)),
        row(
            "§6.2",
            "HEADERS with priority",
            c -> c.sends(headers(1, WHOLE | PRIORITIZED, together(dependency(0, 256), GET))),
            answer(200)),
        row(
            "§6.2",
            "HEADERS with padding and priority",
            c ->
                c.sends(
                    headers(
                        1,
                        WHOLE | PRIORITIZED | PADDED,
                        together(bytes(2), dependency(0, 1), GET, new byte[2]))),
            answer(200)),
        row(
            "§6.2",
            "HEADERS with more padding than payload",
            c -> c.sends(headers(1, WHOLE | PADDED, together(bytes(255), GET))),
            connectionError(PROTOCOL_ERROR)),
        row(
            "§6.2",
            "HEADERS too short for its priority",
            c -> c.sends(headers(1, WHOLE | PRIORITIZED, new byte[3])),
            connectionError(FRAME_SIZE_ERROR)),

        // HPACK.
        row(
            "RFC 7541 §6.1",
            "an indexed field of the static table",
            c -> c.sends(headers(1, WHOLE, together(bytes(0x82, 0x86, 0x84), authority(0x01)))),
            answer(200)),
        row(
                "RFC 7541 §6.2.1",
                "a literal that is indexed, and its index",
                c ->
                    c.sends(
                        headers(1, WHOLE, together(bytes(0x82, 0x86, 0x84), authority(0x41))),
                        headers(3, WHOLE, bytes(0x82, 0x86, 0x84, 0xbe))),
                new Http2Row.Answer(3, 200))
            .arrivesAs(get("/"), get("/")),
        row(
            "RFC 7541 §6.2.3",
            "a literal that is never indexed",
            c -> c.sends(headers(1, WHOLE, together(bytes(0x82, 0x86, 0x84), authority(0x11)))),
            answer(200)),
        row(
            "RFC 7541 §5.2",
            "a value in the Huffman code",
            c -> c.sends(headers(1, WHOLE, bytes(0x82, 0x86, 0x84, 0x01, 0x81, 0x1f))),
            answer(200)),
        row(
            "RFC 7541 §6.3",
            "a smaller table",
            c -> c.sends(headers(1, WHOLE, together(bytes(0x3f, 0x81, 0x01), GET))),
            answer(200)),
        row(
            "RFC 7541 §6.3",
            "two sizes of the table at once",
            c -> c.sends(headers(1, WHOLE, together(bytes(0x20, 0x3f, 0x81, 0x01), GET))),
            answer(200)),
        row(
            "RFC 7541 §2.3.3",
            "an index beyond the tables",
            c -> c.sends(headers(1, WHOLE, together(GET, bytes(0xff, 0x10)))),
            connectionError(COMPRESSION_ERROR)),
        row(
            "RFC 7541 §2.3.3",
            "the index of a name beyond the tables",
            c -> c.sends(headers(1, WHOLE, together(GET, bytes(0x7f, 0x10, 0x01, 'a')))),
            connectionError(COMPRESSION_ERROR)),
        row(
            "RFC 7541 §4.2",
            "a size of the table at the end of a block",
            c -> c.sends(headers(1, WHOLE, together(GET, bytes(0x20)))),
            connectionError(COMPRESSION_ERROR)),
        row(
            "RFC 7541 §5.1",
            "an integer without end",
            c ->
                c.sends(
                    headers(
                        1,
                        WHOLE,
                        together(
                            GET,
                            bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)))),
            connectionError(COMPRESSION_ERROR)),
        row(
            "RFC 7541 §5.2",
            "Huffman padding of more than seven bits",
            c ->
                c.sends(headers(1, WHOLE, together(GET, bytes(0x00, 0x01, 'x', 0x82, 0x1f, 0xff)))),
            connectionError(COMPRESSION_ERROR)),
        row(
            "RFC 7541 §5.2",
            "Huffman padding with zeros",
            c -> c.sends(headers(1, WHOLE, together(GET, bytes(0x00, 0x01, 'x', 0x81, 0x18)))),
            connectionError(COMPRESSION_ERROR)),
        row(
            "RFC 7541 §5.2",
            "the EOS symbol of the Huffman code",
            c ->
                c.sends(
                    headers(
                        1,
                        WHOLE,
                        together(GET, bytes(0x00, 0x01, 'x', 0x84, 0xff, 0xff, 0xff, 0xff)))),
            connectionError(COMPRESSION_ERROR)),
        row(
            "RFC 7541 §6.1",
            "index 0",
            c -> c.sends(headers(1, WHOLE, together(GET, bytes(0x80)))),
            connectionError(COMPRESSION_ERROR)),
        row(
            "RFC 7541 §6.3",
            "a table larger than was allowed",
            c -> c.sends(headers(1, WHOLE, together(bytes(0x3f, 0xe2, 0x1f), GET))),
            connectionError(COMPRESSION_ERROR)),

        // PRIORITY, which means nothing to us.
        row("§6.3", "PRIORITY of weight 1", c -> c.sends(priority(1, 0, 1)).asks(1), answer(200)),
        row(
            "§6.3",
            "PRIORITY of weight 256",
            c -> c.sends(priority(1, 0, 256)).asks(1),
            answer(200)),
        row(
            "§6.3",
            "exclusive dependency",
            c -> c.sends(priority(1, Integer.MIN_VALUE | 3, 16)).asks(1),
            answer(200)),
        row(
            "§6.3",
            "PRIORITY of an idle stream, then a request on a lower one",
            c -> c.sends(priority(5, 3, 16)).asks(3),
            new Http2Row.Answer(3, 200)),
        row(
                "§6.3",
                "PRIORITY while a request is under way and behind it",
                FramingRows::prioritizesUnderWayAndBehind,
                new Nothing())
            .arrivesAs(chunked("1\r\nx\r\n0\r\n\r\n")));
  }

  private static void prioritizesUnderWayAndBehind(Http2Client client) {
    client.begins(1, "POST", "/").sends(priority(1, 0, 16), data(1, END_STREAM, "x"));
    client.receives(1, 200);
    client.sends(priority(1, 0, 16));
  }

  /** {@code :authority: a} in the representation that begins with this byte. */
  private static byte[] authority(int first) {
    return bytes(first, 0x01, 'a');
  }
}
